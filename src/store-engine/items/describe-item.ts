import type { SqlValue } from '../database/sql-value.js'
import { HIDDEN, isSecret } from '../schema/secret-attributes.js'
import { type Item, type ItemConstructor, STATE } from './item.js'
import { classNameOf } from './registry.js'

/**
 * `Class(attribute=value, …, storeID=N)`, references as `reference(N)`; for people who look into a store. Secrets are
 * not shown: it ends in terminals, logs and error reports of people who wanted to see something else.
 */
export function describeItem(item: Item): string {
  const { itemType } = item.constructor as ItemConstructor
  const parts = itemType.attributes.map(({ name, position, attribute }) => {
    const stored = item[STATE].row[position] ?? null
    if (stored !== null && isSecret(itemType.typeName, name)) return `${name}=${HIDDEN}`
    const described = describeStored(stored)
    return `${name}=${attribute.reference === undefined ? described : `reference(${described})`}`
  })
  return `${classNameOf(item.constructor as ItemConstructor)}(${[...parts, `storeID=${item.storeID}`].join(', ')})`
}

function describeStored(value: SqlValue): string {
  if (typeof value === 'bigint') return value.toString()
  return value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(value)
}
