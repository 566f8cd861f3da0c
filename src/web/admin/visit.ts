import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { MantissaError } from '../../base/errors.js'
import { type Html, html } from '../../base/html.js'
import type { AdministrativeRight } from '../../offerings/administrator.js'
import type { ServiceHost } from '../../offerings/services.js'
import type { ActionOutcome, FormFields, ShownPage } from '../../sharing/pages/page.js'
import type { Site } from '../../site/site.js'
import { statusOf } from '../failures.js'
import { csrfForm, formFieldsOf, formGuards } from '../forms.js'
import { redirectWithNotice } from '../notices.js'
import { WebRefusal } from '../refusal.js'
import { pathOf, sendPage } from '../send-page.js'
import { type Administrator, administratorOf } from './administrator.js'
import { sectionLinks } from './sections.js'

/** One request of an administrator, as the pages see it. */
export interface Visit {
  readonly host: ServiceHost
  readonly site: Site
  readonly administrator: Administrator
  /** Encoded, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly fields: FormFields
  /** A part of the path that is a parameter of the route. */
  param(name: string): string
  /** A form that posts to a path of this site. */
  form(action: string, fields: Html): Html
  /** Where the connection ended on our side; by it a port knows that somebody came through it. */
  readonly localPort: number | undefined
}

export interface AdminPage extends ShownPage {
  readonly status?: number
  readonly scripts?: readonly string[]
}

export interface AdminRoute {
  readonly path: string
  /** Any of these is enough; an empty list is for all administrators. */
  readonly rights: readonly AdministrativeRight[]
}

/** A page that is asked for; HEAD is answered as well. */
export function showAt(
  scope: FastifyInstance,
  route: AdminRoute,
  show: (visit: Visit) => AdminPage | Promise<AdminPage>,
): void {
  scope.get(route.path, { config: { rights: route.rights } }, async (request, reply) => {
    const visit = visitOf(request, reply)
    return send(reply, visit, await show(visit))
  })
}

/**
 * A form that is posted. What it does ends in a redirection, or in a page that says what was wrong or asks whether it is
 * meant. Where a deed fails, its error is shown in full: whoever gets here may know.
 */
export function actAt(
  scope: FastifyInstance,
  route: AdminRoute,
  act: (visit: Visit) => Promise<ActionOutcome | AdminPage>,
): void {
  const guards = formGuards(scope)
  const config = { ...guards.config, rights: route.rights }
  scope.post(route.path, { ...guards, config }, async (request, reply) => {
    const visit = visitOf(request, reply)
    const answer = await act(visit).catch(error => refusal(error, visit))
    if ('body' in answer) return send(reply, visit, answer)
    return redirectWithNotice(reply, answer.goTo ?? '/admin', answer.notice)
  })
}

function send(reply: FastifyReply, visit: Visit, page: AdminPage): FastifyReply {
  const { title, body, status = 200, scripts = [] } = page
  return sendPage(reply, { title, body: html`${sectionLinks(visit)}${body}` }, { status, scripts })
}

/** What goes wrong that the toolkit has words for; anything else is a failure like everywhere. */
function refusal(error: unknown, { path }: Visit): AdminPage {
  if (!(error instanceof MantissaError) || error instanceof WebRefusal) throw error
  const status = statusOf(error)
  if (status === 500) throw error
  const back = path.split('/').slice(0, 4).join('/')
  return {
    title: 'This was not done',
    status,
    body: html`<p class="alert" role="alert">${error.message}</p>
${error.hint === undefined ? null : html`<p>${error.hint}</p>`}
<p><a href="${back}">Back</a></p>`,
  }
}

function visitOf(request: FastifyRequest, reply: FastifyReply): Visit {
  const { host } = request.server.web
  const params = request.params as Readonly<Record<string, string>>
  const question = request.originalUrl.indexOf('?')
  return {
    host,
    site: host.site,
    administrator: administratorOf(request),
    path: pathOf(request),
    query: new URLSearchParams(question < 0 ? '' : request.originalUrl.slice(question)),
    fields: formFieldsOf(request),
    param: name => params[name] ?? '',
    form: (action, fields) => csrfForm(reply, action, fields),
    localPort: request.socket.localPort,
  }
}
