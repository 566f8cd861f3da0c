import { ConflictError, InvalidInputError } from '../../base/errors.js'
import type { Item } from '../items/item.js'

/**
 * What a powerup is for, or what a share shows: a runtime value, since stores hold its dotted name. Two interfaces
 * with one name are the same interface; there is no inheritance between them (as in the original's look-up).
 *
 * `T` is what answers for it. It exists for the compiler only: nothing in a store says what an item can do.
 */
export interface Interface<T = unknown> {
  readonly name: string
  /** Names of the members that a share of this interface shows. */
  readonly members: readonly string[]
  /** Never there; carries `T`. */
  readonly answers?: T
}

/** An item type may leave out what its interface is answered by; then any name goes for a member. */
type MemberOf<T> = Item extends T ? string : keyof T & string

const defined = new Map<string, Interface>()

/**
 * An interface, by the dotted name under which stores know it: `defineInterface<Greeter>('polls.IGreeter', ['greet'])`.
 * From now on {@link findInterface} finds it.
 *
 * @throws InvalidInputError unless `name` is dotted, as `twisted.cred.portal.IRealm` is; ConflictError where it was
 *   defined before with other members: what a share shows must not depend on who came last.
 */
export function defineInterface<T = Item>(name: string, members: readonly MemberOf<T>[] = []): Interface<T> {
  const face = interfaceNamed<T>(name, members)
  const known = defined.get(name)
  if (known === undefined || known.members.length === 0) defined.set(name, face)
  else if (members.length > 0 && !sameMembers(known, face))
    throw new ConflictError(`two interfaces want to be ${name}`, { code: 'INTERFACE_TAKEN' })
  return face
}

/** What code has defined by that name, with its members; undefined for a name that only stores know. */
export function findInterface(name: string): Interface | undefined {
  return defined.get(name)
}

/** The same as {@link defineInterface} for a name that comes from a store: nobody finds it. @throws InvalidInputError. */
export function interfaceNamed<T = Item>(name: string, members: readonly string[] = []): Interface<T> {
  if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/.test(name)) throw new InvalidInputError(`not a dotted interface name: ${name}`)
  return Object.freeze({ name, members: Object.freeze([...members]) })
}

function sameMembers(one: Interface, other: Interface): boolean {
  return [...one.members].sort().join() === [...other.members].sort().join()
}

/** The method by which an item that is a powerup lets something else answer in its place. */
export const INDIRECT: unique symbol = Symbol('indirect')

/** A powerup that stands for something else, as a SubStore stands for what its store answers with. */
export interface Indirector {
  /** What answers instead; undefined where nothing does, and then the powerup is passed over. */
  [INDIRECT]<T>(face: Interface<T>): T | undefined
}

/** What can be made a powerup for an interface that `T` answers. */
export type Answerer<T> = Item & (T | Indirector)
