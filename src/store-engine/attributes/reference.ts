import type { SqlValue } from '../database/sql-value.js'
import { BrokenReferenceError, ConstraintError, CrossStoreReferenceError } from '../errors.js'
import { Item, type ItemConstructor, STATE } from '../items/item.js'
import type { Store } from '../store.js'
import type { Attribute, Place, ReferenceRule, WhenDeleted } from './attribute.js'

/** The storeID that means the store itself (format section 1.4). */
export const STORE_SELF_ID = -1

export interface ReferenceOptions {
  readonly allowNull?: boolean
  /** Default true: references are the only attributes that Axiom indexes unasked. */
  readonly indexed?: boolean
  readonly doc?: string
  /**
   * What the deletion of the referent does: `nullify` (default) leaves the number and reads as null, `cascade` deletes
   * this item first, `disallow` forbids it.
   */
  readonly whenDeleted?: WhenDeleted
}

type Reference<T, O> = Attribute<
  T,
  O extends { readonly allowNull: false } ? false : true,
  O extends { readonly allowNull: false } ? false : true
>

/** An item of the same store, or the store itself. */
export function reference<const O extends ReferenceOptions>(options?: O): Reference<Item | Store, O>
/** An item of one class of the same store. The class comes as a function, since it may be defined further down. */
export function reference<C extends ItemConstructor, const O extends ReferenceOptions>(
  target: () => C,
  options?: O,
): Reference<InstanceType<C>, O>
export function reference(
  first?: (() => ItemConstructor) | ReferenceOptions,
  second?: ReferenceOptions,
): Attribute<Item | Store> {
  const target = typeof first === 'function' ? first : undefined
  return makeReference({ target, dependency: false }, (typeof first === 'function' ? second : first) ?? {})
}

export interface DependencyOptions<C extends ItemConstructor> extends Pick<ReferenceOptions, 'doc' | 'whenDeleted'> {
  /** Called with a requirement that `installOn` had to create. */
  readonly customize?: (created: InstanceType<C>) => void
}

/** A reference to an item that `installOn` finds installed on the same target, or creates and installs there. */
export function dependsOn<C extends ItemConstructor>(
  target: () => C,
  options: DependencyOptions<C> = {},
): Attribute<InstanceType<C>, true, true> {
  const customize = options.customize as ((item: Item) => void) | undefined
  return makeReference({ target, dependency: true, customize }, options) as Attribute<InstanceType<C>, true, true>
}

function makeReference(rule: Omit<ReferenceRule, 'whenDeleted'>, options: ReferenceOptions): Attribute<Item | Store> {
  const whenDeleted = options.whenDeleted ?? 'nullify'
  const allowNull = options.allowNull ?? true
  return {
    kind: 'reference',
    sqltype: 'INTEGER',
    allowNull,
    mayOmit: allowNull,
    indexed: options.indexed ?? true,
    doc: options.doc ?? '',
    initial: undefined,
    reference: { ...rule, whenDeleted },
    encode: encodeReference,
    encodeOperand,
    decode: (stored, place, label) =>
      resolve(Number(stored), place, whenDeleted === 'nullify' && allowNull ? undefined : label),
  }
}

function encodeReference(value: Item | Store, place: Place, label: string): SqlValue {
  if (value === place.store) return STORE_SELF_ID
  if (!(value instanceof Item)) throw new ConstraintError(`${place.locate(label)} takes an item or its own store`)
  if (value.store !== place.store)
    throw new CrossStoreReferenceError(`${place.locate(label)} cannot refer to an item of another store`)
  if (!value.isStored) throw new ConstraintError(`${place.locate(label)} cannot refer to an item that is not stored`)
  return value.storeID
}

/** What still refers to a deleted item can be asked for: no other item gets its storeID. */
function encodeOperand(value: Item | Store, place: Place, label: string): SqlValue {
  const isDeleted = value instanceof Item && !value.isStored && value[STATE].status === 'deleted'
  return isDeleted && value.store === place.store ? value.storeID : encodeReference(value, place, label)
}

/** `label` is given where a missing referent is an error. */
function resolve(storeID: number, place: Place, label: string | undefined): Item | Store | null {
  if (storeID === STORE_SELF_ID) return place.store
  const found = place.store.findItemById(storeID)
  if (found !== undefined) return found
  if (label === undefined) return null
  throw new BrokenReferenceError(`${place.locate(label)} refers to item ${storeID}, which does not exist`)
}
