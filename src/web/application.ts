/**
 * The web application of a site, from its parts: logging in and one's own account (`accounts/`), one's private pages
 * (`private/`), what others share (`sharing/`), the administration (`admin/`), and the front page and static files
 * (`site/`). What the parts share is in `web`; a port gets the whole from `web-server`.
 *
 * Before any part is asked, every request passes the same gates: the host that it calls must be ours, its body is
 * bounded, and a form must come from a page of ours. Whatever fails is told in one place (`failures`), and whatever a part
 * sends has the same headers (`security-headers`). Pages work without scripts; nothing of others is loaded by them.
 *
 * Left out: compression, which would let strangers measure secrets beside what they choose, and HTTP/2, which a proxy in
 * front can speak.
 */
import fastify, { type FastifyInstance } from 'fastify'
import type { ServiceHost } from '../offerings/services.js'
import { registerLogin } from './accounts/login-routes.js'
import { registerOwnAccount } from './accounts/own-account.js'
import { registerSessionSweep } from './accounts/session-sweep.js'
import { registerAdministration } from './admin/administration.js'
import { registerAssets } from './assets.js'
import { answerFailure, registerFailures } from './failures.js'
import { registerForms } from './forms.js'
import { privatePages } from './private/private-pages.js'
import { registerRequestMeasures } from './request-measures.js'
import { registerSecurityHeaders } from './security-headers.js'
import { registerSharedMemory } from './shared-memory.js'
import { registerWebsharing } from './sharing/websharing.js'
import { registerFrontPage } from './site/front-page.js'
import { registerHttpLog } from './site/http-log.js'
import { registerOfferingFiles } from './site/offering-files.js'
import { registerStaticContent } from './site/static-content.js'
import { registerHostCheck, routedUrl } from './site/virtual-hosts.js'
import { trustedProxies } from './trusted-proxies.js'
import { Web, type WebPart } from './web.js'

/** Every part of what can be asked. Routes with fixed paths count before those with parameters, in whatever order. */
const PARTS: readonly WebPart[] = [
  registerAssets,
  registerLogin,
  registerOwnAccount,
  registerSessionSweep,
  privatePages,
  registerAdministration,
  registerWebsharing,
  registerFrontPage,
  registerOfferingFiles,
]

/** Bytes that a form may have. */
const BODY_LIMIT = 1024 ** 2

/** All routes of a site. */
export async function buildApplication(host: ServiceHost): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    bodyLimit: BODY_LIMIT,
    // A part of a path may be an address with percent signs in it.
    routerOptions: { maxParamLength: 2000, ignoreTrailingSlash: false },
    exposeHeadRoutes: true,
    return503OnClosing: false,
    rewriteUrl: request => routedUrl(app, request),
    trustProxy: trustedProxies(host),
    // What the router cannot read never comes to the hooks.
    frameworkErrors: (error, request, reply) =>
      answerFailure(error, request, reply.headers(app.securityHeaders(request))),
  })
  app.decorate('web', new Web(host))
  app.decorateRequest('knownViewer', null)
  registerFailures(app)
  registerRequestMeasures(app)
  registerHttpLog(app)
  await registerSecurityHeaders(app)
  registerHostCheck(app)
  registerSharedMemory(app)
  await registerForms(app)
  await registerStaticContent(app)
  for (const part of PARTS) await part(app)
  await app.ready()
  return app
}
