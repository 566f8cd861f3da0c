import { NotFoundError } from '../../base/errors.js'
import type { Html } from '../../base/html.js'
import { NODE_BUSY_TIMEOUT } from '../../node/patience.js'
import { getInstalledOffering } from '../../offerings/installed-offerings.js'
import type { ServiceHost } from '../../offerings/services.js'
import type { Viewer } from '../../sharing/pages/page.js'
import type { PrivateRequest, RefusedAction } from '../../sharing/pages/private-page.js'
import type { Item } from '../../store-engine/items/item.js'
import type { Store } from '../../store-engine/store.js'
import { linkToShare } from '../sharing/share-links.js'
import { webIDOf } from './web-id.js'

/** What a page is shown for. */
export interface Occasion {
  readonly host: ServiceHost
  readonly viewer: Viewer
  readonly query: URLSearchParams
  /** A form that posts to a path of this site. */
  readonly form: (path: string, fields: Html) => Html
}

/** Where all private pages are. */
export const ROOT = '/private/'

/** A private page that is asked for, or, in an action, that was posted to. */
export class OwnersRequest implements PrivateRequest {
  readonly viewer: Viewer
  readonly query: URLSearchParams
  readonly path: string
  readonly refused: RefusedAction | null
  readonly #occasion: Occasion
  readonly #item: Item
  readonly #privateKey: bigint
  readonly #acts: boolean

  constructor(
    occasion: Occasion,
    subject: { readonly item: Item; readonly privateKey: bigint },
    state: { readonly acts?: boolean; readonly refused?: RefusedAction } = {},
  ) {
    this.#occasion = occasion
    this.#item = subject.item
    this.#privateKey = subject.privateKey
    this.#acts = state.acts ?? false
    this.viewer = occasion.viewer
    this.query = occasion.query
    this.refused = state.refused ?? null
    this.path = this.#addressOf(subject.item.storeID)
    // Handed on by themselves, in pages and actions.
    this.linkTo = this.linkTo.bind(this)
  }

  linkTo(item: Item): string {
    return this.#addressOf(item.storeID)
  }

  linkToShare(shareID: string): string | null {
    return linkToShare(this.#item.store, shareID)
  }

  form(action: string, fields: Html): Html {
    return this.#occasion.form(`${this.path}/${action}`, fields)
  }

  inAppStore<T>(offering: string, work: (appStore: Store) => T): T {
    const { application } = getInstalledOffering(this.#occasion.host.site.store, offering)
    if (application === null) throw new NotFoundError(`the application store of ${offering} is gone`)
    const appStore = application.open({ busyTimeout: NODE_BUSY_TIMEOUT })
    return this.#acts ? appStore.transact(() => work(appStore)) : work(appStore)
  }

  #addressOf(storeID: number): string {
    return ROOT + webIDOf(this.#privateKey, storeID)
  }
}
