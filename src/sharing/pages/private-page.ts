/**
 * Pages that an item shows to the owner of its store, below `/private/`.
 *
 * An item class registers one page. Powerups of the store whose page names a tab stand in the navigation, for as long as
 * they are powerups; every other item of the store is reached by links ({@link PrivateRequest.linkTo}). Nobody but the
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
   * Does something in the application store of an offering: in an action in a transaction of that store, which is not in
   * step with the owner's; a page that is shown only reads there.
   * @throws NotFoundError where the offering is not installed.
   */
  inAppStore<T>(offering: string, work: (appStore: Item['store']) => T): T
  /** Where the page is shown again because one of its actions refused what it was given; otherwise null. */
  readonly refused: RefusedAction | null
}

/** An action that threw InvalidInputError, ConflictError or NotFoundError; nothing has changed. */
export interface RefusedAction {
  readonly action: string
  /** What was typed, so that the form can be shown filled in. */
  readonly fields: FormFields
  /** A sentence; the page need not show it, since it stands above. */
  readonly reason: string
}

export interface PrivatePage<I extends Item> {
  /** The words of its tab; without them there is none, and the page is there as long as the item is. */
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
