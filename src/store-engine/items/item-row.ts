import type { Place } from '../attributes/attribute.js'
import type { SqlRow } from '../database/sql-value.js'
import { ConstraintError } from '../errors.js'
import { encodeAttribute } from './item.js'
import type { ItemType } from './item-type.js'

/**
 * The row of a new item: given attributes encoded, others by their default or null. Position 0 waits for the storeID.
 * @throws ConstraintError for an attribute that the type does not have, or a value that its column cannot hold.
 */
export function encodeItemRow(place: Place, type: ItemType, attributes: Readonly<Record<string, unknown>>): SqlRow {
  const row: SqlRow = [null]
  let taken = 0
  for (const { name, attribute, label } of type.attributes) {
    const given = attributes[name]
    if (given !== undefined) taken += 1
    row.push(encodeAttribute(attribute, given === undefined ? attribute.initial?.() : given, place, label))
  }
  for (const name in attributes) if (attributes[name] !== undefined) taken -= 1
  if (taken !== 0) refuseUnknown(type, attributes)
  return row
}

/** @throws ConstraintError for an attribute that the type does not have. */
export function refuseUnknown(type: ItemType, attributes: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(attributes)) {
    if (attributes[name] !== undefined && !type.attributes.some(each => each.name === name))
      throw new ConstraintError(`${type.typeName} has no attribute ${name}`)
  }
}
