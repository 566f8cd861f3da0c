import { setImmediate } from 'node:timers/promises'
import type { MantissaError } from '../base/errors.js'
import { type ItemInUpgrade, type ItemUpgradeError, NoUpgradePathError } from '../store-engine/errors.js'
import type { Store } from '../store-engine/store.js'
import { tablesWithoutOid, upgradeExplicitOid } from '../store-engine/upgrades/explicit-oids.js'
import { countLegacyItems, missingUpgradeSteps, upgradeBatches } from '../store-engine/upgrades/upgrade-types.js'
import { ForeignTriggerError } from './errors.js'

export interface UpgradeOptions {
  readonly itemsPerTransaction: number
  /** Aborted, the upgrade ends after the transaction under way; whoever starts it again goes on there. */
  readonly signal?: AbortSignal
  /** Told now and then which share of the store's items, 0 to 1, has been looked at. */
  readonly reached?: (share: number) => void
}

/** An item that is as it was, and why. */
export interface FailedItem extends Omit<ItemInUpgrade, 'store'> {
  readonly message: string
}

/** What a store needs, or what was done with it. */
export interface StoreUpgrade {
  /** Items of older versions by typeName. */
  readonly items: Readonly<Record<string, number>>
  /** Tables without an explicit oid. */
  readonly tables: number
  /** Items that failed. */
  readonly failed: number
  /** The first hundred of them. */
  readonly failures: readonly FailedItem[]
  /** What kept the store from being upgraded wholly; null where nothing did. */
  readonly error: MantissaError | null
}

const TOLD_FAILURES = 100

/** What an upgrade would find to do, as far as can be known without doing it. @throws ForeignTriggerError. */
export function planStoreUpgrade(store: Store): StoreUpgrade {
  refuseTriggers(store)
  return {
    items: Object.fromEntries(countLegacyItems(store)),
    tables: tablesWithoutOid(store).length,
    failed: 0,
    failures: [],
    error: missingPath(store),
  }
}

/**
 * Brings all items of a store to the versions of the code that is loaded, then its tables to explicit oids. Items of
 * types without code are carried as they are. What cannot be upgraded is reported and hinders nothing else. Killed at
 * any moment, the store is whole, and the next call goes on.
 * @returns undefined where the signal ended it.
 * @throws StoreBusyError, StoreSealedError, DiskFullError and the like; earlier transactions stay. ForeignTriggerError.
 */
export async function upgradeStore(store: Store, options: UpgradeOptions): Promise<StoreUpgrade | undefined> {
  refuseTriggers(store)
  const before = countLegacyItems(store)
  const total = [...before.values()].reduce((sum, count) => sum + count, 0)
  const failures: FailedItem[] = []
  let [done, failed, first] = [0, 0, missingPath(store) as MantissaError | null]
  for (const batch of upgradeBatches(store, options.itemsPerTransaction)) {
    done += batch.done
    failed += batch.failures.length
    first ??= batch.failures[0] ?? null
    failures.push(...batch.failures.slice(0, TOLD_FAILURES - failures.length).map(asFailedItem))
    options.reached?.(done / total)
    // Lets Ctrl-C and timers through.
    await setImmediate()
    if (options.signal?.aborted === true) return undefined
  }
  const items = difference(before, countLegacyItems(store))
  return { items, tables: upgradeExplicitOid(store), failed, failures, error: first }
}

/** No program of this format makes any; one of a stranger would change what an upgrade writes. */
function refuseTriggers(store: Store): void {
  const name = store.sql.value("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name LIMIT 1")
  if (name !== undefined && name !== null) throw new ForeignTriggerError(store.describe(), String(name))
}

function missingPath(store: Store): NoUpgradePathError | null {
  const missing = missingUpgradeSteps(store)
  return missing.length === 0 ? null : new NoUpgradePathError(store.describe(), missing)
}

function asFailedItem({ item: { storeID, typeName, from, to }, message }: ItemUpgradeError): FailedItem {
  return { storeID, typeName, from, to, message }
}

/** Counted at both ends, since an upgrader may upgrade items of other types, by touching them. */
function difference(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Record<string, number> {
  const entries = [...before].map(([typeName, count]) => [typeName, count - (after.get(typeName) ?? 0)] as const)
  return Object.fromEntries(entries.filter(([, count]) => count > 0))
}
