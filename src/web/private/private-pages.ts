/**
 * The pages that people see of their own stores, below `/private/`.
 *
 * `/private/` lists the tabs, `/private/<webID>` is the page of one item, and a form of it posts to
 * `/private/<webID>/<action>`. The store that is asked is always that of the one who has logged in: there is no address
 * for an item of somebody else's. What is not there, what has no page and what was taken away are one and the same 404.
 *
 * An action is one transaction of the store. What it refuses changes nothing, and the page comes again with the reason
 * and with what was typed (400, 409); after anything else the visitor is sent on, so that reloading a page never does a
 * thing twice.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Html, html } from '../../base/html.js'
import type { ShownPage } from '../../sharing/pages/page.js'
import type { RefusedAction } from '../../sharing/pages/private-page.js'
import { formFieldsOf, formGuards } from '../forms.js'
import { followOutcome } from '../notices.js'
import { sendPage } from '../send-page.js'
import { memberOf } from '../viewer.js'
import type { NavigationLink, WebPart } from '../web.js'
import { inOwnStore, knownTabs, occasionOf, pageAt } from './own-store.js'
import { perform } from './perform-action.js'
import { OwnersRequest, ROOT } from './private-request.js'

interface PageParams {
  readonly webID: string
}
interface ActionParams extends PageParams {
  readonly action: string
}

export const privatePages: WebPart = app => {
  app.web.addNavigation((request, viewer) =>
    viewer.account === null ? [] : (knownTabs(request) ?? [{ path: ROOT, text: 'My pages' }]),
  )
  app.get(ROOT.slice(0, -1), (_request, reply) => reply.redirect(ROOT, 308))
  app.get(ROOT, showTabs)
  app.get<{ Params: PageParams }>(`${ROOT}:webID`, (request, reply) => showPage(request, reply, request.params.webID))
  // Whose session has ended is told that, and not that the form was none of theirs.
  const guards = { ...formGuards(app), onRequest: async (request: FastifyRequest) => void memberOf(request) }
  app.post<{ Params: ActionParams }>(`${ROOT}:webID/:action`, guards, (request, reply) =>
    act(request, reply, request.params),
  )
}

async function showTabs(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const links = await inOwnStore(request, (_store, _key, tabs) => tabs)
  return sendPage(reply, { title: 'My pages', body: overview(links) })
}

async function showPage(request: FastifyRequest, reply: FastifyReply, webID: string): Promise<FastifyReply> {
  const occasion = occasionOf(request, reply)
  const page = await inOwnStore(request, (store, privateKey) => {
    const { item, page } = pageAt(store, privateKey, webID)
    return page.html(item, new OwnersRequest(occasion, { item, privateKey }))
  })
  return sendPage(reply, page)
}

async function act(request: FastifyRequest, reply: FastifyReply, params: ActionParams): Promise<FastifyReply> {
  const occasion = occasionOf(request, reply)
  const done = await inOwnStore(request, (store, privateKey) => {
    const found = pageAt(store, privateKey, params.webID)
    return perform(occasion, { ...found, privateKey, action: params.action, fields: formFieldsOf(request) })
  })
  return 'page' in done
    ? sendPage(reply, withReason(await done.page, done.refused), { status: done.status })
    : followOutcome(reply, done.outcome, done.path)
}

function overview(tabs: readonly NavigationLink[]): Html {
  if (tabs.length === 0)
    return html`<p class="quiet">There is nothing here yet. The administrators of this site can give you applications.</p>`
  return html`<ul class="list">${tabs.map(({ path, text }) => html`<li><a href="${path}">${text}</a></li>`)}</ul>`
}

function withReason({ title, body }: ShownPage, { reason }: RefusedAction): ShownPage {
  return { title, body: html`<p class="alert" role="alert">${reason}</p>${body}` }
}
