/** All items of older versions of one type, or of a whole store. */
import type { Connection } from '../database/connection.js'
import { quoteName, type SqlValue, toStoreID, UnsafeStoreIDError } from '../database/sql-value.js'
import { ItemUpgradeError, NoUpgradePathError } from '../errors.js'
import type { ItemConstructor } from '../items/item.js'
import { findItemClass } from '../items/registry.js'
import type { TypeOnDisk } from '../schema/schema.js'
import type { Store } from '../store.js'
import { isRetired, type MissingStep, upgradePath } from './upgrade.js'
import { type LegacyType, stepOf, type UpgradeScene, upgradeItem } from './upgrade-item.js'

const PAGE = 100

/** Versions of the class's type, older than the class, of which the store holds items. */
export function legacyVersions({ schema, connection }: UpgradeScene, itemClass: ItemConstructor): LegacyType[] {
  const { typeName, version } = itemClass.itemType
  return schema
    .versionsOf(typeName)
    .filter(type => type.version < version && hasRows(connection, type))
    .map(type => ({ type, itemClass }))
}

/**
 * Upgrades every item of older versions of one type, a page to a transaction. Items whose upgrade is under way, since
 * an upgrader asks about its own type, are left to it.
 * @throws NoUpgradePathError naming every step that is missing, before anything is done. ItemUpgradeError for the first
 *   item that failed, when all others are upgraded.
 */
export function upgradeLegacyItems(scene: UpgradeScene, legacyTypes: readonly LegacyType[]): void {
  const missing = legacyTypes.flatMap(missingOf)
  if (missing.length > 0) throw new NoUpgradePathError(scene.store.describe(), uniqueSteps(missing))
  const failures: ItemUpgradeError[] = []
  for (const legacy of legacyTypes)
    for (const storeIDs of pages(scene, legacy.type, PAGE))
      failures.push(...scene.transactions.write(() => upgradeEach(scene, legacy, storeIDs)).failures)
  if (failures[0] !== undefined) throw failures[0]
}

/** Every older version, of whatever type has code or an upgrader here, of which the store holds items. */
export function legacyTypesOf(store: Store): readonly LegacyType[] {
  const { connection } = store.engine
  return store.typesOnDisk().flatMap(type => {
    const itemClass = findItemClass(type.typeName)
    const isOld = itemClass === undefined ? isRetired(type.typeName, type.version) : type.version < versionOf(itemClass)
    return isOld && hasRows(connection, type) ? [{ type, itemClass }] : []
  })
}

/** How many items of older versions the store holds, by typeName; those that no path leads from included. */
export function countLegacyItems(store: Store): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { type } of legacyTypesOf(store))
    counts.set(type.typeName, (counts.get(type.typeName) ?? 0) + store.countOf(type))
  return counts
}

/** Every step that is missing between what the store holds and the classes that are loaded. */
export function missingUpgradeSteps(store: Store): readonly MissingStep[] {
  return uniqueSteps(legacyTypesOf(store).flatMap(missingOf))
}

/** What one transaction has done. */
export interface UpgradeBatch {
  readonly done: number
  /** Items that are as they were. */
  readonly failures: readonly ItemUpgradeError[]
}

/**
 * Upgrades all that can be upgraded, `size` items to a transaction, and stops after each: a caller may go away there,
 * or be killed, and whoever calls it again goes on. An item that fails keeps its version and hinders no other. Types
 * that no path leads from are left alone; see {@link missingUpgradeSteps}.
 * @throws StoreBusyError, StoreSealedError, DiskFullError and the like; the transaction under way is rolled back.
 */
export function* upgradeBatches(store: Store, size: number): Generator<UpgradeBatch, void, undefined> {
  const { engine } = store
  for (const legacy of legacyTypesOf(store)) {
    if (missingOf(legacy).length > 0) continue
    for (const storeIDs of pages(engine, legacy.type, size))
      yield engine.tables.leavingLegacy(legacy.itemClass, () =>
        engine.transactions.write(() => upgradeEach(engine, legacy, storeIDs)),
      )
  }
}

function upgradeEach(scene: UpgradeScene, legacy: LegacyType, storeIDs: readonly number[]): UpgradeBatch {
  const failures: ItemUpgradeError[] = []
  for (const storeID of storeIDs.filter(each => !scene.upgrading.has(each))) {
    try {
      upgradeItem(scene, legacy, toStoreID(storeID))
    } catch (error) {
      if (error instanceof NoUpgradePathError || error instanceof UnsafeStoreIDError)
        failures.push(new ItemUpgradeError({ ...stepOf(legacy), storeID, store: scene.store.describe() }, error))
      else if (error instanceof ItemUpgradeError) failures.push(error)
      else throw error
    }
  }
  return { done: storeIDs.length, failures }
}

/**
 * storeIDs of a type, `size` at a time, each page read when the one before has been dealt with. Only those that are
 * there at first: a trigger of a stranger, or an old process beside this one, may go on making others.
 */
function* pages({ connection }: UpgradeScene, type: TypeOnDisk, size: number): Generator<readonly number[]> {
  const table = quoteName(type.table)
  const [last = null] = connection.prepare(`SELECT max(oid) FROM ${table}`).get() ?? []
  const page = `SELECT oid FROM ${table} WHERE oid > ? AND oid <= ? ORDER BY oid LIMIT ${Math.trunc(size)}`
  let after: SqlValue = -(2n ** 63n)
  for (;;) {
    const rows = connection.prepare(page).all(after, last)
    if (rows.length === 0) return
    yield rows.map(([storeID]) => Number(storeID))
    after = rows.at(-1)?.[0] ?? null
  }
}

function missingOf(legacy: LegacyType): readonly MissingStep[] {
  const { typeName, from, to } = stepOf(legacy)
  return upgradePath(typeName, from, to).missing
}

function uniqueSteps(steps: readonly MissingStep[]): readonly MissingStep[] {
  return [...new Map(steps.map(step => [`${step.typeName}/${step.from}`, step])).values()]
}

function versionOf(itemClass: ItemConstructor): number {
  return itemClass.itemType.version
}

function hasRows(connection: Connection, type: TypeOnDisk): boolean {
  return connection.prepare(`SELECT 1 FROM ${quoteName(type.table)} LIMIT 1`).get() !== undefined
}
