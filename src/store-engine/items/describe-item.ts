import type { SqlValue } from '../database/sql-value.js'
import { type Item, type ItemConstructor, STATE } from './item.js'
import { classNameOf } from './registry.js'

/** `Class(attribute=value, …, storeID=N)`, references as `reference(N)`; for people who look into a store. */
export function describeItem(item: Item): string {
  const { itemType } = item.constructor as ItemConstructor
  const parts = itemType.attributes.map(({ name, position, attribute }) => {
    const stored = describeStored(item[STATE].row[position])
    return `${name}=${attribute.reference === undefined ? stored : `reference(${stored})`}`
  })
  return `${classNameOf(item.constructor as ItemConstructor)}(${[...parts, `storeID=${item.storeID}`].join(', ')})`
}

function describeStored(value: SqlValue | undefined): string {
  if (typeof value === 'bigint') return value.toString()
  return value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(value ?? null)
}
