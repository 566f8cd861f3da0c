/** One item from its old version to the current one, in one transaction. */
import { BusyError, DeniedError, UnavailableError } from '../../base/errors.js'
import type { Connection } from '../database/connection.js'
import { quoteName, type SqlRow } from '../database/sql-value.js'
import type { Transactions } from '../database/transactions.js'
import { type ItemInUpgrade, ItemUpgradeError, NoUpgradePathError, UpgraderRecursionError } from '../errors.js'
import { encodeAttribute, type Item, type ItemConstructor } from '../items/item.js'
import { refuseUnknown } from '../items/item-row.js'
import type { ItemType, NamedAttribute } from '../items/item-type.js'
import { ReferrerRules } from '../items/referrer-rules.js'
import type { TypeTable } from '../items/type-table.js'
import { genericRow } from '../schema/generic-rows.js'
import type { Schema, TypeOnDisk } from '../schema/schema.js'
import type { Store } from '../store.js'
import { LegacyItem } from './legacy-item.js'
import { type Upgrader, upgradePath } from './upgrade.js'

/** What upgrading needs of a store: the little of its engine that it may know without a cycle. */
export interface UpgradeScene {
  readonly store: Store
  readonly connection: Connection
  readonly schema: Schema
  readonly transactions: Transactions
  /** storeIDs of the items whose upgrade has begun and not ended. */
  readonly upgrading: Set<number>
  /** The class's table; items of older versions are left as they are. */
  getTableAsIs(itemClass: ItemConstructor): TypeTable
  materialize(itemClass: ItemConstructor, row: SqlRow): Item
}

/** Items of one version that are to become items of the class; without a class, to be deleted. */
export interface LegacyType {
  readonly type: TypeOnDisk
  readonly itemClass: ItemConstructor | undefined
}

/**
 * The upgraded item; undefined when its row is gone or its upgrader deleted it.
 * @throws ItemUpgradeError, NoUpgradePathError, UpgraderRecursionError; the item is as it was.
 */
export function upgradeItem(scene: UpgradeScene, legacy: LegacyType, storeID: number): Item | undefined {
  const inUpgrade = { ...stepOf(legacy), storeID, store: scene.store.describe() }
  if (scene.upgrading.has(storeID)) throw new UpgraderRecursionError(inUpgrade)
  scene.upgrading.add(storeID)
  try {
    return scene.transactions.write(() => upgrade(scene, legacy, storeID))
  } catch (error) {
    throw inWords(error, inUpgrade)
  } finally {
    scene.upgrading.delete(storeID)
  }
}

/** What versions a legacy type goes from and to. */
export function stepOf({ type, itemClass }: LegacyType): { typeName: string; from: number; to: number } {
  const { typeName, version } = type
  return { typeName, from: version, to: itemClass?.itemType.version ?? version + 1 }
}

function upgrade(scene: UpgradeScene, legacy: LegacyType, storeID: number): Item | undefined {
  const { store, connection } = scene
  const values = genericRow(connection, legacy.type, storeID)
  if (values === undefined) return undefined
  const passed = runChain(new LegacyItem(store, storeID, { ...legacy.type, values }), stepsOf(scene, legacy))
  const last = passed.at(-1)
  connection.prepare(`DELETE FROM ${quoteName(legacy.type.table)} WHERE oid = ?`).run(storeID)
  if (legacy.itemClass === undefined || last === undefined || last.result === null)
    return remove(scene, legacy.type.typeName, storeID)
  const row = encodeUpgraded(store, legacy.itemClass.itemType, last.result)
  row[0] = BigInt(storeID)
  scene.getTableAsIs(legacy.itemClass).insertAt(row)
  const item = scene.materialize(legacy.itemClass, row)
  for (const { step, before } of passed) if (item.isStored) step.after?.(item, before)
  return item.isStored ? item : undefined
}

function stepsOf(scene: UpgradeScene, legacy: LegacyType): readonly Upgrader[] {
  const { typeName, from, to } = stepOf(legacy)
  const { steps, missing } = upgradePath(typeName, from, to)
  if (missing.length > 0) throw new NoUpgradePathError(scene.store.describe(), missing)
  return steps
}

interface PassedStep {
  readonly step: Upgrader
  readonly before: LegacyItem
  readonly result: Record<string, unknown> | null
}

function runChain(legacy: LegacyItem, steps: readonly Upgrader[]): readonly PassedStep[] {
  const passed: PassedStep[] = []
  let before = legacy
  for (const step of steps) {
    const result = step.upgrade(before)
    passed.push({ step, before, result })
    if (result === null) break
    before = new LegacyItem(legacy.store, legacy.storeID, { ...legacy, version: step.to, values: result })
  }
  return passed
}

/** What a deletion would do to an item: what refers to it has its say, its connectors go, a tombstone stays. */
function remove({ store, connection }: UpgradeScene, typeName: string, storeID: number): undefined {
  new ReferrerRules(store).apply(typeName, storeID)
  connection.prepare('UPDATE axiom_objects SET type_id = -1 WHERE oid = ?').run(storeID)
  store.powerups.forget(storeID)
}

function encodeUpgraded(store: Store, type: ItemType, attributes: Record<string, unknown>): SqlRow {
  refuseUnknown(type, attributes)
  const row: SqlRow = [null]
  for (const named of type.attributes) {
    const given = attributes[named.name]
    const value = given === undefined ? named.attribute.initial?.() : given
    row.push(asStored(named, value) ?? encodeAttribute(named.attribute, value, store.engine, named.label))
  }
  return row
}

/** References given as storeIDs or legacy items, paths and integers given as stored, are taken as they are. */
function asStored({ attribute: { kind } }: NamedAttribute, value: unknown): bigint | string | undefined {
  if (kind === 'reference' && value instanceof LegacyItem) return BigInt(value.storeID)
  if (kind === 'reference' || kind === 'integer') {
    if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return value
    return Number.isSafeInteger(value) ? BigInt(value as number) : undefined
  }
  return kind === 'path' && typeof value === 'string' ? value : undefined
}

/** What is no fault of the upgrader, and would be another failure the next time, keeps its own name. */
function inWords(error: unknown, inUpgrade: ItemInUpgrade): unknown {
  const own = [NoUpgradePathError, UpgraderRecursionError, BusyError, DeniedError, UnavailableError]
  return own.some(family => error instanceof family) ? error : new ItemUpgradeError(inUpgrade, error)
}
