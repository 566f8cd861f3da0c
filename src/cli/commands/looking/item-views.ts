import type { JsonObject, JsonValue } from '../../../base/json.js'
import type { GenericRow } from '../../../store-engine/schema/generic-rows.js'
import type { TypeOnDisk } from '../../../store-engine/schema/schema.js'
import { printable } from '../../printer/printable.js'
import type { Column, View } from '../../view.js'
import type { ItemDescription } from './describe-stored-item.js'
import { distinctNames } from './distinct-names.js'
import { shownUnlessSecret, shownValue } from './stored-value.js'

/** One version of one item type in a store. */
export interface CountedType {
  readonly type: TypeOnDisk
  readonly rows: number
  readonly known: boolean
}

export const itemTypesView: View<CountedType> = {
  type: { title: 'type', value: ({ type }) => type.typeName },
  version: { title: 'version', value: ({ type }) => type.version, align: 'right' },
  rows: { title: 'rows', value: ({ rows }) => rows, align: 'right' },
  known: { title: 'known', value: ({ known }) => known },
  module: { title: 'module', value: ({ type }) => type.module },
}

export interface ItemShowing {
  /** Prints secrets too. */
  readonly secrets: boolean
}

/** The storeID, then every attribute in the order of the columns. */
export function itemRowView(type: TypeOnDisk, showing: ItemShowing): View<GenericRow> {
  const keys = distinctNames(['storeID', ...type.attributes.map(({ name }) => name)])
  const values: ((row: GenericRow) => JsonValue)[] = [
    ({ storeID }) => storeID,
    ...type.attributes.map(
      ({ name }) =>
        (row: GenericRow) =>
          shownAttribute(type, row, name, showing),
    ),
  ]
  return new Map(keys.map((key, index) => [key, columnCalled(key, values[index] ?? (() => null))]))
}

function columnCalled<Row>(key: string, value: (row: Row) => JsonValue): Column<Row> {
  return { title: printable(key), value }
}

function shownAttribute(type: TypeOnDisk, row: GenericRow, name: string, { secrets }: ItemShowing): JsonValue {
  const value = row.values[name] ?? null
  return secrets ? shownValue(value) : shownUnlessSecret(value, type.typeName, name)
}

/** Everything that `items --id` tells about one item. */
export function itemView(showing: ItemShowing): View<ItemDescription> {
  return {
    storeID: { title: 'storeID', value: ({ row }) => row.storeID },
    type: { title: 'type', value: ({ type }) => type.typeName },
    version: { title: 'version', value: ({ type }) => type.version },
    module: { title: 'module', value: ({ type }) => type.module },
    known: { title: 'known', value: ({ known }) => known },
    attributes: { title: 'attributes', value: ({ type, row }) => shownAttributes(type, row, showing) },
    referredBy: {
      title: 'referred to by',
      value: ({ referredBy }) =>
        referredBy.map(({ type, attribute, storeID }) => ({
          type: type.typeName,
          version: type.version,
          attribute,
          storeID,
        })),
      text: ({ referredBy }) =>
        referredBy.map(({ type, attribute, storeID }) => `${storeID} (${type.typeName}.${attribute})`).join(', '),
    },
    powerups: { title: 'powerups', value: ({ powerups }) => powerups.map(connectorJson) },
    powerupFor: { title: 'powerup for', value: ({ powerupFor }) => powerupFor.map(connectorJson) },
    installed: { title: 'installed on it', value: ({ installed }) => installed.map(connectorJson) },
    installedOn: { title: 'installed on', value: ({ installedOn }) => installedOn.map(connectorJson) },
  }
}

function shownAttributes(type: TypeOnDisk, row: GenericRow, showing: ItemShowing): JsonObject {
  return Object.fromEntries(type.attributes.map(({ name }) => [name, shownAttribute(type, row, name, showing)]))
}

function connectorJson({ storeID, values }: GenericRow): JsonObject {
  const attributes = Object.entries(values).map(([name, value]) => [name, shownValue(value)])
  return { connector: storeID, ...Object.fromEntries(attributes) }
}
