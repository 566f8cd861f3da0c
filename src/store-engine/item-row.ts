import type { Place } from './attribute.js'
import { ConstraintError } from './errors.js'
import { encodeAttribute } from './item.js'
import type { ItemType, NamedAttribute } from './item-type.js'
import type { SqlRow, SqlValue } from './sql-value.js'
import type { Store } from './store.js'

/**
 * The row of a new item: given attributes encoded, others by their default or null. Position 0 waits for the storeID.
 * @throws ConstraintError for an attribute that the type does not have, or a value that its column cannot hold.
 */
export function encodeItemRow(store: Store, type: ItemType, attributes: Readonly<Record<string, unknown>>): SqlRow {
  const row: SqlRow = new Array(type.attributes.length + 1).fill(null)
  let taken = 0
  for (const named of type.attributes) {
    const given = attributes[named.name]
    if (given !== undefined) taken += 1
    row[named.position] = encodeInitial(store, type, named, given)
  }
  if (taken < Object.keys(attributes).length) refuseUnknown(type, attributes)
  return row
}

function encodeInitial(store: Store, type: ItemType, named: NamedAttribute, given: unknown): SqlValue {
  const value = given === undefined ? named.attribute.initial?.() : given
  const place: Place = { store, describe: () => `${type.typeName}.${named.name}` }
  return encodeAttribute(named, value, place)
}

function refuseUnknown(type: ItemType, attributes: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(attributes)) {
    if (attributes[name] !== undefined && !type.attributes.some(each => each.name === name))
      throw new ConstraintError(`${type.typeName} has no attribute ${name}`)
  }
}
