/**
 * Pages that an item shows to the owner of its store, below `/private/`.
 *
 * An item class registers one page. Items that are powerups for INavigableElement, or whose page names a tab, stand in
 * the navigation; every other item of the store is reached by links ({@link PrivateRequest.linkTo}). Nobody but the
 * owner of the store ever reaches one.
 */
import type { Item, ItemConstructor } from '../../store-engine/items/item.js'
import type { ActionOutcome, FormFields, PageRequest, ShownPage } from './page.js'

export interface PrivateRequest extends PageRequest {
  /** Path of the private page of another item of the same store. */
  linkTo(item: Item): string
  /** Path at which a share of this store is reached, absolute on this site; null where the owner has no public name. */
  linkToShare(shareID: string): string | null
  /**
   * Does something in the application store of an offering, in a transaction of that store; it is not in step with the
   * owner's. @throws NotFoundError where the offering is not installed.
   */
  inAppStore<T>(offering: string, work: (appStore: Item['store']) => T): T
}

export interface PrivatePage<I extends Item> {
  /** The words of its tab; without them there is none. */
  readonly tab?: string
  /** A promise must have done with the store before it waits for anything: the store may be closed meanwhile. */
  html(item: I, request: PrivateRequest): ShownPage | Promise<ShownPage>
  /** By the name that the URL ends with; each runs in a transaction of the store. */
  readonly actions?: Readonly<
    Record<string, (item: I, fields: FormFields, request: PrivateRequest) => ActionOutcome | undefined>
  >
}

const pages = new Map<string, PrivatePage<Item>>()

/** The last registration counts. */
export function registerPrivatePage<C extends ItemConstructor>(itemClass: C, page: PrivatePage<InstanceType<C>>): void {
  pages.set(itemClass.itemType.typeName, page as unknown as PrivatePage<Item>)
}

/** Undefined where items of the class have no page. */
export function findPrivatePage(itemClass: ItemConstructor): PrivatePage<Item> | undefined {
  return pages.get(itemClass.itemType.typeName)
}

/** Type names of all items that have a tab. */
export function tabbedTypes(): readonly string[] {
  return [...pages].filter(([, page]) => page.tab !== undefined).map(([typeName]) => typeName)
}
