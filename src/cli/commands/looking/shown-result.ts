import { inspect } from 'node:util'
import { InvalidInputError } from '../../../base/errors.js'
import type { JsonValue } from '../../../base/json.js'
import { Item, type ItemConstructor } from '../../../store-engine/items/item.js'
import type { GenericValue } from '../../../store-engine/schema/generic-rows.js'
import { Store } from '../../../store-engine/store.js'
import type { CommandContext } from '../../command-context.js'
import { printableJson, printableLines, printableOn } from '../../printer/printable.js'
import { shownUnlessSecret, shownValue } from './stored-value.js'

/** Prints what code came to: JSON where that is wanted, else what `util.inspect` makes of it; nothing for undefined. */
export async function printResult(value: unknown, context: CommandContext): Promise<void> {
  const { env, options } = context
  if (options.json || options.jsonl)
    await env.stdout.write(`${printableJson(resultAsJson(value), options.jsonl ? 0 : 2)}\n`)
  else if (value !== undefined) await env.stdout.write(`${resultAsText(value, context)}\n`)
}

/** Complete, without colour, and with escapes for what no terminal should get from a store. */
export function resultAsText(value: unknown, { env }: CommandContext): string {
  const text = inspect(value, {
    ...{ depth: 4, maxArrayLength: null, maxStringLength: null },
    breakLength: env.stdout.columns,
  })
  return printableLines(text).split('\n').map(printableOn(env, env.stdout)).join('\n')
}

/**
 * Items become objects of their attributes, with references as storeIDs and without secrets; whatever can be walked
 * becomes an array.
 */
export function resultAsJson(value: unknown, around: readonly object[] = []): JsonValue {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return null
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return shownValue(value as GenericValue)
  if (around.includes(value))
    throw new InvalidInputError('the result holds itself, which JSON cannot tell', { hint: 'leave --json out' })
  const inside = (member: unknown) => resultAsJson(member, [...around, value])
  if (value instanceof Item) return itemAsJson(value)
  if (value instanceof Store) return { directory: value.directory, readonly: value.readonly }
  const { toJSON, [Symbol.iterator]: iterator } = value as { toJSON?: unknown; [Symbol.iterator]?: unknown }
  if (typeof toJSON === 'function') return inside(toJSON.call(value))
  if (typeof iterator === 'function') return [...(value as Iterable<unknown>)].map(inside)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inside(member)]))
}

function itemAsJson(item: Item): JsonValue {
  const { itemType } = item.constructor as ItemConstructor
  const values = item as unknown as Readonly<Record<string, GenericValue>>
  const attributes = itemType.attributes.map(({ name, attribute }) => [
    name,
    attribute.reference === undefined
      ? shownUnlessSecret(values[name] ?? null, itemType.typeName, name)
      : item.store.storedReference(item, name),
  ])
  return { type: itemType.typeName, storeID: item.storeID, ...Object.fromEntries(attributes) }
}
