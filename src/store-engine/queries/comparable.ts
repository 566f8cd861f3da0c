import { ConstraintError } from '../errors.js'
import type { NamedAttribute } from '../items/item-type.js'

/** The kind of the storeID column, which no attribute has. */
export const STORE_ID_KIND = 'storeID'

/** What may be compared across kinds. Any other kind, decimals of each scale among them, only with itself. */
const FAMILIES: readonly (readonly string[])[] = [
  ['integer', 'ieee754_double', STORE_ID_KIND],
  ['reference', STORE_ID_KIND],
  ['text', 'path'],
]

/** @throws ConstraintError for columns whose stored values mean different things, such as decimals of other scale. */
export function assertComparable(one: NamedAttribute, other: NamedAttribute): void {
  const [a, b] = [one.attribute.kind, other.attribute.kind]
  if (a === b || FAMILIES.some(family => family.includes(a) && family.includes(b))) return
  throw new ConstraintError(`cannot compare ${one.label} (${a}) with ${other.label} (${b})`)
}
