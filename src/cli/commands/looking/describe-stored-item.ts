import { ItemNotFoundError } from '../../../store-engine/errors.js'
import { findItemClass } from '../../../store-engine/items/registry.js'
import type { GenericRow } from '../../../store-engine/schema/generic-rows.js'
import type { Referrer } from '../../../store-engine/schema/referrers.js'
import type { TypeOnDisk } from '../../../store-engine/schema/schema.js'
import type { Store } from '../../../store-engine/store.js'

/** One item as its store has it, and what the store holds about it. Needs no code of any type. */
export interface ItemDescription {
  readonly type: TypeOnDisk
  readonly row: GenericRow
  /** Whether its code is loaded. */
  readonly known: boolean
  readonly referredBy: readonly Referrer[]
  /** Connectors whose powerups answer for the item. */
  readonly powerups: readonly GenericRow[]
  /** Connectors by which the item answers for others. */
  readonly powerupFor: readonly GenericRow[]
  /** Connectors of what is installed on the item. */
  readonly installed: readonly GenericRow[]
  /** Connectors of what the item is installed on. */
  readonly installedOn: readonly GenericRow[]
}

const POWERUP = 'axiom_powerup_connector'
const DEPENDENCY = 'axiom_dependency__dependencyconnector'

/** @throws ItemNotFoundError */
export function describeStoredItem(store: Store, storeID: number): ItemDescription {
  const type = store.findTypeOf(storeID)
  const row = type && rowsWhere(store, type, null, storeID)[0]
  if (type === undefined || row === undefined) throw new ItemNotFoundError(`${store.describe()} has no item ${storeID}`)
  const connectors = (typeName: string, attribute: string) => connectorsOf(store, typeName, attribute, storeID)
  return {
    type,
    row,
    known: findItemClass(type.typeName) !== undefined,
    referredBy: [...store.referrersOf(storeID)],
    powerups: connectors(POWERUP, 'item'),
    powerupFor: connectors(POWERUP, 'powerup'),
    installed: connectors(DEPENDENCY, 'target'),
    installedOn: connectors(DEPENDENCY, 'installee'),
  }
}

function connectorsOf(store: Store, typeName: string, attribute: string, storeID: number): readonly GenericRow[] {
  return store
    .typesOnDisk()
    .filter(type => type.typeName === typeName && type.attributes.some(({ name }) => name === attribute))
    .flatMap(type => rowsWhere(store, type, attribute, storeID))
}

function rowsWhere(store: Store, type: TypeOnDisk, attribute: string | null, storeID: number): readonly GenericRow[] {
  return [...store.rowsOf(type, { where: [{ attribute, stored: BigInt(storeID) }], lenient: true })]
}
