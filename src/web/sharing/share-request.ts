import type { FastifyReply } from 'fastify'
import type { Html } from '../../base/html.js'
import { findDefaultShareID } from '../../sharing/default-share.js'
import { findShare, type SharedItem } from '../../sharing/get-share.js'
import type { PageRequest, Viewer } from '../../sharing/pages/page.js'
import { Remembered } from '../../store-engine/remembered.js'
import type { Store } from '../../store-engine/store.js'
import { csrfForm } from '../forms.js'
import { notFound } from '../refusal.js'
import { encodeSegment } from './share-links.js'

const remembered = new Remembered<SharedItem>()

/** What a visitor has asked for: the share of an ID, or the default share where there is none. @throws WebRefusal (404). */
export function getSharedAt(store: Store, viewer: Viewer, shareID: string | undefined): SharedItem {
  const key = JSON.stringify([viewer.address, shareID])
  const shared = remembered.recall(store, key, () => {
    const wanted = shareID ?? findDefaultShareID(store)
    return wanted === undefined ? undefined : findShare(store, viewer, wanted)
  })
  if (shared === undefined) throw notFound()
  return shared
}

/** A request as a renderer sees it. */
export class ShareRequest implements PageRequest {
  readonly viewer: Viewer
  readonly path: string
  readonly #reply: FastifyReply
  readonly #actions: string
  #query: URLSearchParams | undefined

  /** @param root - of the store's shares. @param path - of the page. */
  constructor(reply: FastifyReply, given: { viewer: Viewer; root: string; path: string; shareID: string }) {
    this.viewer = { address: given.viewer.address }
    this.path = given.path
    this.#reply = reply
    this.#actions = `${given.root}${encodeSegment(given.shareID)}/`
  }

  get query(): URLSearchParams {
    const { originalUrl } = this.#reply.request
    const start = originalUrl.indexOf('?')
    this.#query ??= new URLSearchParams(start < 0 ? '' : originalUrl.slice(start + 1))
    return this.#query
  }

  form(action: string, fields: Html): Html {
    return csrfForm(this.#reply, `${this.#actions}${encodeSegment(action)}`, fields)
  }
}
