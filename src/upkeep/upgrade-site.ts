/**
 * Upgrades every store of a site: its own, then those that its SubStore items name, and those below them.
 *
 * Stores are opened and closed one by one, so ten thousand of them need the memory of one. Each is upgraded for itself;
 * one that cannot be (sealed, busy, damaged, lost, of newer versions) is reported, and the next one is looked at. There
 * is nothing to record: every transaction stands alone, and a store that is done already is quickly found to be.
 */
import { join, relative, sep } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { findAddressOfStore } from '../accounts/address-of-store.js'
import { formatAddress } from '../base/address.js'
import { MantissaError } from '../base/errors.js'
import type { Site } from '../site/site.js'
import type { Store } from '../store-engine/store.js'
import { SubStore } from '../store-engine/sub-store.js'
import { planStoreUpgrade, type StoreUpgrade, type UpgradeOptions, upgradeStore } from './upgrade-store.js'

export type UpgradeStatus = 'done' | 'already' | 'planned' | 'failed'

export interface UpgradedStore extends StoreUpgrade {
  /** Path below the site's `files/`; null for the site's own. */
  readonly store: string | null
  /** Whose it is: of a person, or the bare name of an application; null for others. */
  readonly address: string | null
  readonly status: UpgradeStatus
}

export interface SiteUpgradeOptions extends Omit<UpgradeOptions, 'reached'> {
  /** Writes nothing and tells what would be done. */
  readonly plan: boolean
  /** Told how many stores have been looked at, parts of one included. */
  readonly reached?: (stores: number) => void
}

/** How many stores the site itself names, its own included. */
export function countStores(site: Site): number {
  const type = substoresOf(site.store)
  return 1 + (type === undefined ? 0 : site.store.countOf(type))
}

/** Each store when it is done. Ends early, without an error, where the signal is aborted. */
export async function* upgradeSite(site: Site, options: SiteUpgradeOptions): AsyncGenerator<UpgradedStore> {
  yield* new SiteUpgrade(site, options).tree(site.store)
}

const NOTHING = { items: {}, tables: 0, failed: 0, failures: [] } as const

class SiteUpgrade {
  readonly #site: Site
  readonly #options: SiteUpgradeOptions
  #stores = 0

  constructor(site: Site, options: SiteUpgradeOptions) {
    this.#site = site
    this.#options = options
  }

  /** A store and all below it. */
  async *tree(store: Store): AsyncGenerator<UpgradedStore> {
    const own = await this.#upgrade(store)
    if (own === undefined) return
    this.#options.reached?.(++this.#stores)
    yield own
    for (const named of namedBelow(store)) {
      await setImmediate()
      if (this.#options.signal?.aborted === true) return
      yield* this.#below(store, named)
    }
  }

  async *#below(parent: Store, { storeID, storepath }: NamedStore): AsyncGenerator<UpgradedStore> {
    let subStore: SubStore | undefined
    let wasOpen = false
    try {
      subStore = parent.getItemById(storeID) as SubStore
      wasOpen = subStore.isOpen
      yield* this.tree(subStore.open({ readonly: this.#options.plan }))
    } catch (error) {
      if (!(error instanceof MantissaError)) throw error
      const directory = join(parent.filesDirectory ?? '', storepath)
      yield { ...this.#placeOf(directory, { parent, idInParent: storeID }), ...NOTHING, status: 'failed', error }
    } finally {
      if (!wasOpen) subStore?.close()
    }
  }

  async #upgrade(store: Store): Promise<UpgradedStore | undefined> {
    const place = this.#placeOf(store.directory ?? '', store)
    try {
      const upgrade = await this.#carryOut(store)
      return upgrade === undefined ? undefined : { ...place, ...upgrade, status: this.#statusOf(upgrade) }
    } catch (error) {
      if (!(error instanceof MantissaError)) throw error
      return { ...place, ...NOTHING, status: 'failed', error }
    }
  }

  async #carryOut(store: Store): Promise<StoreUpgrade | undefined> {
    const { plan, itemsPerTransaction, signal, reached } = this.#options
    if (plan) return planStoreUpgrade(store)
    return await upgradeStore(store, {
      itemsPerTransaction,
      ...(signal === undefined ? {} : { signal }),
      reached: share => reached?.(this.#stores + share),
    })
  }

  #statusOf({ items, tables, error }: StoreUpgrade): UpgradeStatus {
    if (error !== null) return 'failed'
    if (tables === 0 && Object.keys(items).length === 0) return 'already'
    return this.#options.plan ? 'planned' : 'done'
  }

  #placeOf(directory: string, { parent, idInParent }: Placed): Pick<UpgradedStore, 'store' | 'address'> {
    const { store, directory: root } = this.#site
    if (parent === null) return { store: null, address: null }
    const address = parent === store && idInParent !== null ? findAddressOfStore(store, idInParent) : undefined
    const path = relative(store.filesDirectory ?? root, directory)
      .split(sep)
      .join('/')
    return { store: path, address: address === undefined ? null : formatAddress(address) }
  }
}

/** Where a store belongs; the site's own has no parent. */
type Placed = Pick<Store, 'parent' | 'idInParent'>

/** What a SubStore item says, whether or not the item can be loaded. */
interface NamedStore {
  readonly storeID: number
  readonly storepath: string
}

/** A SubStore without a directory stood for a store in memory. */
function* namedBelow(store: Store): Generator<NamedStore> {
  const type = substoresOf(store)
  if (type === undefined) return
  for (const { storeID, values } of store.rowsOf(type))
    if (values['storepath'] !== null) yield { storeID, storepath: String(values['storepath']) }
}

function substoresOf(store: Store) {
  const { typeName, version } = SubStore.itemType
  return store.typesOnDisk().find(each => each.typeName === typeName && each.version === version)
}
