import type { SqlValue } from '../database/sql-value.js'
import type { Item } from '../items/item.js'
import type { Store } from '../store.js'

/**
 * Where a value is read or written: the store that paths and references belong to, and how an error names the spot.
 * One place serves all attributes of an item, so that reading allocates nothing; `label` is `typeName.attribute`.
 */
export interface Place {
  readonly store: Store
  locate(label: string): string
}

/**
 * What one attribute of an item type is: its column, and how a value becomes SQL and back.
 *
 * `T` is the value without null; `N` says whether null is allowed; `D` whether creation may leave it out.
 * Null is never passed to `encode` or `decode`.
 */
export interface Attribute<T = unknown, N extends boolean = boolean, D extends boolean = boolean> {
  /** Axiom's name for the kind, the `pythontype` column of `axiom_attributes`. */
  readonly kind: string
  /** Column type with its collation, exactly as Axiom writes it. */
  readonly sqltype: string
  readonly allowNull: N
  readonly mayOmit: D
  readonly indexed: boolean
  readonly doc: string
  readonly initial: (() => T | null) | undefined
  /** @throws ConstraintError when the column cannot hold the value. */
  encode(value: T, place: Place, label: string): SqlValue
  /** In place of `encode` for the value of a comparison, where something else can be compared than stored. */
  encodeOperand?(value: T, place: Place, label: string): SqlValue
  /** @throws IntegrityError when the stored bytes mean nothing. */
  decode(stored: Exclude<SqlValue, null>, place: Place, label: string): T | null
  /** Present on references only. */
  readonly reference?: ReferenceRule
}

export type WhenDeleted = 'nullify' | 'cascade' | 'disallow'

export interface ReferenceRule {
  readonly whenDeleted: WhenDeleted
  /** The class of the referent; undefined means any. A thunk, since classes may name each other. */
  readonly target: (() => ItemConstructorLike) | undefined
  /** True when `installOn` provides the referent. */
  readonly dependency: boolean
  readonly customize?: ((item: Item) => void) | undefined
}

/** The little of a class that an attribute may know without a cycle of types. */
export interface ItemConstructorLike {
  readonly itemType: { readonly typeName: string; readonly version: number }
}

export type Attributes = Readonly<Record<string, Attribute>>

/** The value type of an attribute, null included where it is allowed. */
export type ValueOf<A> = A extends Attribute<infer T, infer N, boolean> ? (N extends false ? T : T | null) : never
