import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Html, html } from '../base/html.js'
import type { ShownPage } from '../sharing/pages/page.js'
import { csrfForm } from './forms.js'
import { frameDocument } from './frame.js'
import { loginPathFor } from './login-path.js'
import { takeNotice } from './notices.js'
import { rootUrl } from './site/site-roots.js'
import { viewerOf, type WebViewer } from './viewer.js'

export interface PageOptions {
  /** 200 where nothing is said. */
  readonly status?: number
  /** Addresses of scripts of ours that the page wants. */
  readonly scripts?: readonly string[]
}

/**
 * Shows a page in the site's frame. Nobody may keep it, since it is different for everybody who looks; a part that
 * knows better sets `Cache-Control` before.
 */
export function sendPage(reply: FastifyReply, page: ShownPage, options: PageOptions = {}): FastifyReply {
  const text = renderPage(reply, page, options)
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  return reply
    .code(options.status ?? 200)
    .type('text/html; charset=utf-8')
    .send(text)
}

/** The document that {@link sendPage} sends; cookies are set where its forms need them. */
export function renderPage(reply: FastifyReply, page: ShownPage, { scripts = [] }: PageOptions = {}): string {
  const { request } = reply
  const { web } = request.server
  const viewer = viewerOf(request)
  return frameDocument({
    ...page,
    siteName: web.facts.hostname,
    root: rootUrl(request),
    navigation: web.navigationFor(request, viewer),
    path: pathOf(request),
    notice: takeNotice(request, reply),
    account: accountMenu(reply, viewer),
    scripts,
  })
}

/** Path of what was asked, encoded, without query, as the visitor's browser shows it. */
export function pathOf(request: FastifyRequest): string {
  const { originalUrl } = request
  const end = originalUrl.indexOf('?')
  return end < 0 ? originalUrl : originalUrl.slice(0, end)
}

function accountMenu(reply: FastifyReply, viewer: WebViewer): Html {
  if (viewer.address === null) return html`<a href="${loginPathFor(reply.request)}">Log in</a>`
  const leave = csrfForm(reply, '/logout', html`<button type="submit" class="plain">Log out</button>`)
  return html`<a href="/private/account" title="Your account">${viewer.address}</a>${leave}`
}
