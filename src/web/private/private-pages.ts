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
import { ConflictError, InvalidInputError } from '../../base/errors.js'
import { type Html, html } from '../../base/html.js'
import type { ActionOutcome, ShownPage } from '../../sharing/pages/page.js'
import type { RefusedAction } from '../../sharing/pages/private-page.js'
import type { Store } from '../../store-engine/store.js'
import { csrfForm, formFieldsOf, formGuards } from '../forms.js'
import { followOutcome } from '../notices.js'
import { notFound } from '../refusal.js'
import { sendPage } from '../send-page.js'
import { memberOf } from '../viewer.js'
import type { NavigationLink, WebPart } from '../web.js'
import { type Occasion, OwnersRequest, ROOT } from './private-request.js'
import { type FoundPage, findPage, privateKeyOf, tabsOf } from './shell.js'
import { storeIDOf, webIDOf } from './web-id.js'

interface PageParams {
  readonly webID: string
}
interface ActionParams extends PageParams {
  readonly action: string
}

/** The tabs of whoever made a request, once its page is known: the navigation asks when it is too late to wait. */
const tabsOfRequest = new WeakMap<FastifyRequest, readonly NavigationLink[]>()

export const privatePages: WebPart = app => {
  app.web.addNavigation((request, viewer) =>
    viewer.account === null ? [] : (tabsOfRequest.get(request) ?? [{ path: ROOT, text: 'My pages' }]),
  )
  app.get(ROOT.slice(0, -1), (_request, reply) => reply.redirect(ROOT, 308))
  app.get(ROOT, showTabs)
  app.get<{ Params: PageParams }>(`${ROOT}:webID`, (request, reply) => showPage(request, reply, request.params.webID))
  app.post<{ Params: ActionParams }>(`${ROOT}:webID/:action`, formGuards(app), (request, reply) =>
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
    return perform(occasion, { ...found, privateKey, action: params.action, request })
  })
  return 'page' in done
    ? sendPage(reply, withReason(await done.page, done.refused), { status: done.status })
    : followOutcome(reply, done.outcome, done.path)
}

/** What came of an action: where to go, or the page again. */
type Performed =
  | { readonly outcome: ActionOutcome | undefined; readonly path: string }
  | { readonly page: ShownPage | Promise<ShownPage>; readonly refused: RefusedAction; readonly status: number }

interface Posted extends FoundPage {
  readonly privateKey: bigint
  readonly action: string
  readonly request: FastifyRequest
}

function perform(occasion: Occasion, { item, page, privateKey, action, request }: Posted): Performed {
  const deed = Object.hasOwn(page.actions ?? {}, action) ? page.actions?.[action] : undefined
  if (deed === undefined) throw notFound()
  const fields = formFieldsOf(request)
  const acting = new OwnersRequest(occasion, { item, privateKey }, { acts: true })
  try {
    return { outcome: item.store.transact(() => deed(item, fields, acting)), path: acting.path }
  } catch (error) {
    if (!isRefusal(error) || tellsAPlace(error, occasion)) throw error
    const refused: RefusedAction = { action, fields, reason: sentenceOf(error) }
    const again = new OwnersRequest(occasion, { item, privateKey }, { refused })
    return { page: page.html(item, again), refused, status: error instanceof ConflictError ? 409 : 400 }
  }
}

/** Calls `work` with the store of whoever has logged in, and keeps their tabs for the navigation. */
function inOwnStore<T>(
  request: FastifyRequest,
  work: (store: Store, privateKey: bigint, tabs: readonly NavigationLink[]) => T,
): Promise<T> {
  const { account } = memberOf(request)
  return request.server.web.host.withUserStore(account, store => {
    const privateKey = privateKeyOf(store)
    const tabs = tabsOf(store).map(({ words, item }) => ({
      text: words,
      path: ROOT + webIDOf(privateKey, item.storeID),
    }))
    tabsOfRequest.set(request, tabs)
    return work(store, privateKey, tabs)
  })
}

function pageAt(store: Store, privateKey: bigint, webID: string): FoundPage {
  const storeID = storeIDOf(privateKey, webID)
  const found = storeID === undefined ? undefined : findPage(store, storeID)
  if (found === undefined) throw notFound()
  return found
}

function occasionOf(request: FastifyRequest, reply: FastifyReply): Occasion {
  const { address } = memberOf(request)
  return {
    host: request.server.web.host,
    viewer: { address },
    query: new URL(request.originalUrl, 'http://site').searchParams,
    form: (path, fields) => csrfForm(reply, path, fields),
  }
}

function overview(tabs: readonly NavigationLink[]): Html {
  if (tabs.length === 0)
    return html`<p class="quiet">There is nothing here yet. The administrators of this site can give you applications.</p>`
  return html`<ul class="list">${tabs.map(({ path, text }) => html`<li><a href="${path}">${text}</a></li>`)}</ul>`
}

function isRefusal(error: unknown): error is InvalidInputError | ConflictError {
  return error instanceof InvalidInputError || error instanceof ConflictError
}

/** Where the site lies on the disk is no business of people who use it. */
function tellsAPlace({ message }: Error, { host }: Occasion): boolean {
  return message.includes(host.site.directory)
}

/** Messages begin with a small letter and have no stop; hints are for people at a command line. */
function sentenceOf({ message }: Error): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`
}

function withReason({ title, body }: ShownPage, { reason }: RefusedAction): ShownPage {
  return { title, body: html`<p class="alert" role="alert">${reason}</p>${body}` }
}
