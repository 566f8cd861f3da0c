/**
 * Asking an item or a store for an interface, whatever gives the answer.
 *
 * The first of these that there is: the powerup of the highest priority; the item itself, where its type offers the
 * interface; what the item's class says by its {@link CONFORM} method (a login account answers with what its user's
 * store answers with); an adapter that somebody has registered for the class.
 *
 * An aggregated interface is different: its powerups together make one object, once for each target and process, such
 * as the tree of everything that runs in a node.
 */
import { Item, type ItemConstructor } from '../items/item.js'
import type { Store } from '../store.js'
import { findInterface, type Interface } from './interface.js'

export type Target = Item | Store

/** The method by which a class answers for interfaces that no powerup of its item answers for. */
export const CONFORM: unique symbol = Symbol('conform')

/** A class of items that knows others who answer. */
export interface Conforming {
  [CONFORM]<T>(face: Interface<T>): T | undefined
}

type Adapter = (item: Item) => unknown
type Aggregate = (target: Target, powerups: readonly unknown[]) => unknown

const adapters = new Map<string, Adapter>()
const aggregates = new Map<string, Aggregate>()
const aggregated = new WeakMap<Target, Map<string, unknown>>()

/** What answers for the interface on `target`; undefined where nothing does. */
export function adapt<T>(target: Target, face: Interface<T>): T | undefined {
  if (aggregates.has(face.name)) return aggregateOf(target, face) as T
  const [powerup] = target.powerupsFor(face)
  if (powerup !== undefined) return powerup
  return target instanceof Item ? ((ownAnswer(target, face) ?? adapterOf(target, face)?.(target)) as T) : undefined
}

/** How items of a class are made to answer for an interface; the last registration counts. */
export function registerAdapter<C extends ItemConstructor, T>(
  itemClass: C,
  face: Interface<T>,
  adapter: (item: InstanceType<C>) => T | undefined,
): void {
  adapters.set(keyOf(itemClass, face), adapter as Adapter)
}

/** The interfaces that items of a class answer for by themselves or by an adapter; powerups come on top. */
export function interfacesOfClass(itemClass: ItemConstructor): readonly Interface[] {
  const offered = offeredBy(itemClass)
  const prefix = keyOf(itemClass, { name: '' })
  const adapted = [...adapters.keys()].filter(key => key.startsWith(prefix)).map(key => key.slice(prefix.length))
  return [...offered, ...adapted.flatMap(name => findInterface(name) ?? [])]
}

/** What all powerups for an interface come to together; made at the first {@link adapt} and kept with its target. */
export function registerAggregate<T>(
  face: Interface<T>,
  aggregate: (target: Target, powerups: readonly T[]) => T,
): void {
  aggregates.set(face.name, aggregate as Aggregate)
}

function aggregateOf(target: Target, face: Interface): unknown {
  const known = aggregated.get(target) ?? new Map<string, unknown>()
  aggregated.set(target, known)
  if (!known.has(face.name)) known.set(face.name, aggregates.get(face.name)?.(target, target.powerupsFor(face)))
  return known.get(face.name)
}

function ownAnswer(item: Item, face: Interface): unknown {
  const offered = offeredBy(item.constructor as ItemConstructor).some(each => each.name === face.name)
  return offered ? item : (item as Item & Partial<Conforming>)[CONFORM]?.(face)
}

function offeredBy({ itemType }: ItemConstructor): readonly Interface[] {
  return itemType.powerupInterfaces.map(each => ('name' in each ? each : each[0]))
}

function adapterOf(item: Item, face: Interface): Adapter | undefined {
  return adapters.get(keyOf(item.constructor as ItemConstructor, face))
}

function keyOf({ itemType }: ItemConstructor, face: Pick<Interface, 'name'>): string {
  return `${itemType.typeName} ${face.name}`
}
