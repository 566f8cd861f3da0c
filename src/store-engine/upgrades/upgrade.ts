/**
 * From old versions of item types to the current one.
 *
 * An upgrader says what the attributes of one older version become in the next (or in a later one). A chain of them
 * leads to the version of the class; the item keeps its storeID, the old row goes, all in one transaction. In between
 * there are no tables: only the last step is written.
 *
 * Unlike the original, a store upgrades the items of a type before the first question about that type, so no query
 * misses one. A type without upgraders stops only those who ask for it, not the opening of the store.
 */
import { MantissaError } from '../../base/errors.js'
import type { Connection } from '../database/connection.js'
import { quoteName, type SqlRow } from '../database/sql-value.js'
import type { Transactions } from '../database/transactions.js'
import { ItemUpgradeError, NoUpgradePathError } from '../errors.js'
import { encodeAttribute, type Item, type ItemConstructor } from '../items/item.js'
import { refuseUnknown } from '../items/item-row.js'
import type { ItemType } from '../items/item-type.js'
import type { TypeTable } from '../items/type-table.js'
import { type GenericValue, genericRow } from '../schema/generic-rows.js'
import type { Schema, TypeOnDisk } from '../schema/schema.js'
import type { Store } from '../store.js'

/** An item of an older version, while it is being upgraded. */
export interface LegacyItem {
  readonly store: Store
  readonly storeID: number
  readonly typeName: string
  readonly version: number
  /** By attribute; references as storeIDs, paths relative to `files/`. After a first step, that step's result. */
  readonly values: Readonly<Record<string, unknown>>
}

export interface Upgrader {
  readonly typeName: string
  readonly from: number
  readonly to: number
  /** The attributes of version `to`, or null when the item shall be deleted. References may be given as storeIDs. */
  readonly upgrade: (legacy: LegacyItem) => Record<string, unknown> | null
}

/** What upgrading needs of a store: the little of its engine that this file may know without a cycle. */
export interface UpgradeScene {
  readonly store: Store
  readonly connection: Connection
  readonly schema: Schema
  readonly transactions: Transactions
  getTable(itemClass: ItemConstructor): TypeTable
  materialize(itemClass: ItemConstructor, row: SqlRow): Item
}

const upgraders = new Map<string, Upgrader>()

export function registerUpgrader(upgrader: Upgrader): void {
  upgraders.set(`${upgrader.typeName}/${upgrader.from}`, upgrader)
}

const PAGE = 100

/** Upgrades every item of one older version, `PAGE` to a transaction. */
export function upgradeLegacyItems(scene: UpgradeScene, itemClass: ItemConstructor, legacy: TypeOnDisk): void {
  const page = scene.connection.prepare(`SELECT oid FROM ${quoteName(legacy.table)} ORDER BY oid LIMIT ${PAGE}`)
  for (let ids = page.all(); ids.length > 0; ids = page.all()) {
    scene.transactions.write(() => {
      for (const [storeID] of ids) upgradeItem(scene, itemClass, legacy, Number(storeID))
    })
  }
}

/** The upgraded item; undefined when its row is gone or its upgrader deleted it. */
export function upgradeItem(
  scene: UpgradeScene,
  itemClass: ItemConstructor,
  legacy: TypeOnDisk,
  storeID: number,
): Item | undefined {
  return scene.transactions.write(() => {
    const row = genericRow(scene.connection, legacy, storeID)
    if (row === undefined) return undefined
    const attributes = runChain(scene.store, itemClass, legacy, storeID, row)
    scene.connection.prepare(`DELETE FROM ${quoteName(legacy.table)} WHERE oid = ?`).run(storeID)
    if (attributes === null) {
      scene.connection.prepare('UPDATE axiom_objects SET type_id = -1 WHERE oid = ?').run(storeID)
      return undefined
    }
    const encoded = encodeUpgraded(scene.store, itemClass.itemType, attributes)
    encoded[0] = BigInt(storeID)
    scene.getTable(itemClass).insertAt(encoded)
    return scene.materialize(itemClass, encoded)
  })
}

/** References given as storeIDs and paths given as stored are taken as they are. */
function encodeUpgraded(store: Store, type: ItemType, attributes: Record<string, unknown>): SqlRow {
  refuseUnknown(type, attributes)
  const row: SqlRow = [null]
  for (const { name, attribute, label } of type.attributes) {
    const given = attributes[name] === undefined ? attribute.initial?.() : attributes[name]
    if (attribute.kind === 'reference' && typeof given === 'number') row.push(BigInt(given))
    else if (attribute.kind === 'path' && typeof given === 'string') row.push(given)
    else row.push(encodeAttribute(attribute, given, store.engine, label))
  }
  return row
}

function runChain(
  store: Store,
  { itemType }: ItemConstructor,
  legacy: TypeOnDisk,
  storeID: number,
  row: Record<string, GenericValue>,
): Record<string, unknown> | null {
  let values: Record<string, unknown> | null = row
  let version = legacy.version
  while (version < itemType.version && values !== null) {
    const step = upgraders.get(`${itemType.typeName}/${version}`)
    if (step === undefined)
      throw new NoUpgradePathError(
        `${store.describe()}: no upgrader leads ${itemType.typeName} from version ${version} to ${itemType.version}`,
      )
    values = runStep(step, { store, storeID, typeName: itemType.typeName, version, values })
    version = step.to
  }
  return values
}

function runStep(step: Upgrader, legacy: LegacyItem): Record<string, unknown> | null {
  try {
    return step.upgrade(legacy)
  } catch (error) {
    if (error instanceof MantissaError) throw error
    throw new ItemUpgradeError(
      `${legacy.store.describe()}: item ${legacy.storeID}, ${legacy.typeName} from version ${step.from} to ${step.to}: ` +
        (error instanceof Error ? error.message : String(error)),
      error,
    )
  }
}
