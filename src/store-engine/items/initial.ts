import type { Attributes, ValueOf } from '../attributes/attribute.js'
import { and, type Comparison } from '../queries/comparison.js'
import type { AttributesOf, ItemConstructor } from './item.js'

type RequiredKeys<A extends Attributes> = {
  [K in keyof A]: A[K] extends { readonly mayOmit: true } ? never : K
}[keyof A]

/** What creation takes: attributes that may neither be null nor have a default must be given. */
export type Initial<C> = { readonly [K in RequiredKeys<AttributesOf<C>>]: ValueOf<AttributesOf<C>[K]> } & {
  readonly [K in keyof AttributesOf<C>]?: ValueOf<AttributesOf<C>[K]> | undefined
}

/** The condition that all given attributes have the given values; undefined when none is given. */
export function matching<C extends ItemConstructor>(itemClass: C, attributes: Initial<C>): Comparison | undefined {
  const columns = itemClass as unknown as Record<string, { equals(value: unknown): Comparison }>
  const parts = Object.entries(attributes).flatMap(([name, value]) => {
    itemClass.itemType.named(name)
    return value === undefined ? [] : [(columns[name] as { equals(value: unknown): Comparison }).equals(value)]
  })
  return parts.length === 0 ? undefined : and(...parts)
}
