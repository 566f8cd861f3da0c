import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Store } from '../../store-engine/store.js'
import { csrfForm } from '../forms.js'
import { notFound } from '../refusal.js'
import { LoginRequired, memberOf } from '../viewer.js'
import type { NavigationLink } from '../web.js'
import { type Occasion, ROOT } from './private-request.js'
import { type FoundPage, findPage, privateKeyOf, tabsOf } from './shell.js'
import { storeIDOf, webIDOf } from './web-id.js'

/** The tabs of whoever made a request, once its page is known: the navigation asks when it is too late to wait. */
const tabsOfRequest = new WeakMap<FastifyRequest, readonly NavigationLink[]>()

/** Undefined before {@link inOwnStore} has asked the store. */
export function knownTabs(request: FastifyRequest): readonly NavigationLink[] | undefined {
  return tabsOfRequest.get(request)
}

/**
 * Calls `work` with the store of whoever has logged in, its key and its tabs, and keeps these for the navigation.
 * @throws LoginRequired
 */
export async function inOwnStore<T>(
  request: FastifyRequest,
  work: (store: Store, privateKey: bigint, tabs: readonly NavigationLink[]) => T,
): Promise<T> {
  const { account } = memberOf(request)
  try {
    return await request.server.web.host.withUserStore(account, store => {
      const privateKey = privateKeyOf(store)
      const tabs = tabsOf(store).map(({ words, item }) => ({
        text: words,
        path: ROOT + webIDOf(privateKey, item.storeID),
      }))
      tabsOfRequest.set(request, tabs)
      return work(store, privateKey, tabs)
    })
  } catch (error) {
    // Whose account goes while they are waited for has no session any more.
    if (!account.isStored) throw new LoginRequired()
    throw error
  }
}

/** What stands at an address of a store. @throws WebRefusal, 404. */
export function pageAt(store: Store, privateKey: bigint, webID: string): FoundPage {
  const storeID = storeIDOf(privateKey, webID)
  const found = storeID === undefined ? undefined : findPage(store, storeID)
  if (found === undefined) throw notFound()
  return found
}

export function occasionOf(request: FastifyRequest, reply: FastifyReply): Occasion {
  const { address } = memberOf(request)
  const { originalUrl } = request
  const query = originalUrl.includes('?') ? originalUrl.slice(originalUrl.indexOf('?')) : ''
  return {
    host: request.server.web.host,
    viewer: { address },
    query: new URLSearchParams(query),
    form: (path, fields) => csrfForm(reply, path, fields),
  }
}
