import helmet from '@fastify/helmet'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { hostOf } from './site/site-hosts.js'

/** A year, in seconds. */
const YEAR = 31_536_000

/**
 * What browsers are told about all pages: nothing but our own style sheets, scripts and pictures, none of them inside a
 * page; in nobody's frame; forms go to us. Helmet knows the headers. They are the same in every answer, so it is asked
 * once, not for each request.
 *
 * That browsers are to come back over TLS only (HSTS) is said at the usual port of TLS only: it would count for all ports of
 * the host, and a browser would then speak TLS to the port of plain HTTP.
 */
export async function registerSecurityHeaders(app: FastifyInstance): Promise<void> {
  const plain = await headersOf(false)
  const encrypted = await headersOf(true)
  app.decorate('securityHeaders', request => (isAtUsualTlsPort(request) ? encrypted : plain))
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(app.securityHeaders(request))
    done()
  })
}

function isAtUsualTlsPort(request: FastifyRequest): boolean {
  return request.protocol === 'https' && !/:\d+$/.test(hostOf(request))
}

declare module 'fastify' {
  interface FastifyInstance {
    /** What {@link registerSecurityHeaders} adds to each answer, for those that come about in another way. */
    securityHeaders(request: FastifyRequest): Readonly<Record<string, string>>
  }
}

async function headersOf(encrypted: boolean): Promise<Record<string, string>> {
  const { headers } = await askHelmet(encrypted)
  const names = Object.keys(headers).filter(name => !['content-length', 'date', 'connection'].includes(name))
  return Object.fromEntries(names.map(name => [name, String(headers[name])]))
}

async function askHelmet(encrypted: boolean) {
  const app = fastify()
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: encrypted ? { maxAge: YEAR, includeSubDomains: false } : false,
  })
  app.get('/', (_request, reply) => reply.send())
  return app.inject('/')
}
