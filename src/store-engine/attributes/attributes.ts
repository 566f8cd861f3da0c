/**
 * The attribute types of Axiom, by the names they deserve here.
 *
 * Each factory fixes the column type exactly as Axiom writes it (the collation is part of it and is compared when a
 * store is opened) and the two conversions. Ranges and refusals follow section 1.5 of the format; where Axiom was
 * silently lossy, these throw: an `integer()` beyond 2^53 is an IntegrityError that names the item, and wants a
 * `bigInteger()`. All attributes may be null unless `{ allowNull: false }` is said.
 */
import { IntegrityError } from '../../base/errors.js'
import type { SqlValue } from '../database/sql-value.js'
import { ConstraintError } from '../errors.js'
import type { Attribute, Place } from './attribute.js'
import { decodeTextList, encodeTextList } from './text-list.js'
import { Timestamp } from './timestamp.js'

export interface AttributeOptions<T> {
  readonly allowNull?: boolean
  readonly indexed?: boolean
  readonly doc?: string
  /** A value, or a function that makes one for each new item. Applied at creation, never by SQLite. */
  readonly default?: T | null | (() => T | null)
}

/** What options make of the type: nullability, and whether creation may leave the attribute out. */
export type Made<T, O> = Attribute<
  T,
  O extends { readonly allowNull: false } ? false : true,
  O extends { readonly allowNull: false } ? (O extends { readonly default: unknown } ? true : false) : true
>

export type Codec<T> = Pick<Attribute<T>, 'kind' | 'sqltype' | 'encode' | 'encodeOperand' | 'decode'>

/** An attribute of the given codec; the shape all factories share. */
export function makeAttribute<T, O extends AttributeOptions<T>>(codec: Codec<T>, options: O): Made<T, O> {
  const given = options.default
  const initial =
    given === undefined ? undefined : typeof given === 'function' ? (given as () => T | null) : () => given
  const allowNull = options.allowNull ?? true
  const attribute: Attribute<T> = {
    ...codec,
    allowNull,
    mayOmit: allowNull || initial !== undefined,
    indexed: options.indexed ?? false,
    doc: options.doc ?? '',
    initial,
  }
  return attribute as Made<T, O>
}

/** @throws ConstraintError. */
export function refuse(where: string, expected: string, value: unknown): never {
  throw new ConstraintError(`${where} takes ${expected}, not ${typeof value}`)
}

const MAX_INTEGER = 2n ** 63n - 1n
const MIN_INTEGER = -(2n ** 63n)

function in64Bits(value: bigint, place: Place, label: string): bigint {
  if (value >= MIN_INTEGER && value <= MAX_INTEGER) return value
  throw new ConstraintError(`${place.locate(label)} takes 64 signed bits, which ${value} exceeds`)
}

export function decodeBigint(stored: SqlValue, place: Place, label: string): bigint {
  if (typeof stored === 'bigint') return stored
  if (typeof stored === 'number' && Number.isSafeInteger(stored)) return BigInt(stored)
  throw new IntegrityError(`${place.locate(label)} does not hold an integer`)
}

/** A whole number that a JavaScript number holds exactly (within ±2^53). */
export function integer<const O extends AttributeOptions<number>>(options: O = {} as O): Made<number, O> {
  return makeAttribute<number, O>(
    {
      kind: 'integer',
      sqltype: 'INTEGER',
      // Adding zero makes 0 of −0, which SQLite would do behind the item's back.
      encode: (value, place, label) =>
        Number.isSafeInteger(value) ? value + 0 : refuse(place.locate(label), 'a whole number within ±2^53', value),
      decode: (stored, place, label) => {
        const value = Number(decodeBigint(stored, place, label))
        if (Number.isSafeInteger(value)) return value
        throw new IntegrityError(`${place.locate(label)} is ${stored}, beyond what a number can hold exactly`, {
          code: 'UNSAFE_INTEGER',
          hint: 'declare the attribute as bigInteger()',
        })
      },
    },
    options,
  )
}

/** A signed 64-bit whole number, as a bigint. On disk the same as `integer()`. */
export function bigInteger<const O extends AttributeOptions<bigint>>(options: O = {} as O): Made<bigint, O> {
  return makeAttribute<bigint, O>(
    {
      kind: 'integer',
      sqltype: 'INTEGER',
      encode: (value, place, label) =>
        typeof value === 'bigint' ? in64Bits(value, place, label) : refuse(place.locate(label), 'a bigint', value),
      decode: decodeBigint,
    },
    options,
  )
}

export interface TextOptions<T> extends AttributeOptions<T> {
  /** Default false: ASCII letters compare without case, as Axiom's text does. */
  readonly caseSensitive?: boolean
}

function textColumn(options: { readonly caseSensitive?: boolean }): string {
  return options.caseSensitive === true ? 'TEXT' : 'TEXT COLLATE NOCASE'
}

/** A string without U+0000 and without lone surrogates. */
export function text<const O extends TextOptions<string>>(options: O = {} as O): Made<string, O> {
  return makeAttribute<string, O>(
    {
      kind: 'text',
      sqltype: textColumn(options),
      encode: (value, place, label) => {
        if (typeof value !== 'string') refuse(place.locate(label), 'text', value)
        if (value.includes('\0')) throw new ConstraintError(`${place.locate(label)} cannot hold U+0000`)
        if (!value.isWellFormed())
          throw new ConstraintError(`${place.locate(label)} cannot hold half of a surrogate pair`)
        return value
      },
      decode: decodeText,
    },
    options,
  )
}

function decodeText(stored: SqlValue, place: Place, label: string): string {
  if (typeof stored === 'string') return stored
  throw new IntegrityError(`${place.locate(label)} does not hold text`)
}

/** A list of strings in one column, told apart by a guard: [] is not ['']. Elements hold neither U+001F nor U+0002. */
export function textList<const O extends TextOptions<readonly string[]>>(
  options: O = {} as O,
): Made<readonly string[], O> {
  return makeAttribute<readonly string[], O>(
    {
      kind: 'textlist',
      sqltype: textColumn(options),
      encode: (value, place, label) => encodeTextList(value, place.locate(label)),
      decode: (stored, place, label) => decodeTextList(decodeText(stored, place, label)),
    },
    options,
  )
}

/** True or false, stored as 1 or 0; anything else stored is an IntegrityError. */
export function boolean<const O extends AttributeOptions<boolean>>(options: O = {} as O): Made<boolean, O> {
  return makeAttribute<boolean, O>(
    {
      kind: 'boolean',
      sqltype: 'BOOLEAN',
      encode: (value, place, label) =>
        typeof value === 'boolean' ? (value ? 1n : 0n) : refuse(place.locate(label), 'true or false', value),
      decode: (stored, place, label) => {
        if (stored === 1n) return true
        if (stored === 0n) return false
        throw new IntegrityError(`${place.locate(label)} holds neither 0 nor 1`)
      },
    },
    options,
  )
}

/** A moment in microseconds. */
export function timestamp<const O extends AttributeOptions<Timestamp>>(options: O = {} as O): Made<Timestamp, O> {
  return makeAttribute<Timestamp, O>(
    {
      kind: 'timestamp',
      sqltype: 'INTEGER',
      encode: (value, place, label) =>
        value instanceof Timestamp
          ? in64Bits(value.microseconds, place, label)
          : refuse(place.locate(label), 'a Timestamp', value),
      decode: (stored, place, label) => Timestamp.fromMicroseconds(decodeBigint(stored, place, label)),
    },
    options,
  )
}

/** Raw bytes. The array read is a copy: changing it does not change the item. */
export function bytes<const O extends AttributeOptions<Uint8Array>>(options: O = {} as O): Made<Uint8Array, O> {
  return makeAttribute<Uint8Array, O>(
    {
      kind: 'bytes',
      sqltype: 'BLOB',
      encode: (value, place, label) =>
        value instanceof Uint8Array ? Buffer.from(value) : refuse(place.locate(label), 'bytes', value),
      decode: (stored, place, label) => {
        if (stored instanceof Uint8Array) return new Uint8Array(stored)
        if (typeof stored === 'string') return new TextEncoder().encode(stored)
        throw new IntegrityError(`${place.locate(label)} does not hold bytes`)
      },
    },
    options,
  )
}

/** An 8-byte float. NaN has no place in SQLite (it would read back as null) and is refused. */
export function real<const O extends AttributeOptions<number>>(options: O = {} as O): Made<number, O> {
  return makeAttribute<number, O>(
    {
      kind: 'ieee754_double',
      sqltype: 'REAL',
      encode: (value, place, label) =>
        typeof value === 'number' && !Number.isNaN(value)
          ? value + 0
          : refuse(place.locate(label), 'a number that is not NaN', value),
      decode: (stored, place, label) => {
        if (typeof stored === 'number' || typeof stored === 'bigint') return Number(stored)
        throw new IntegrityError(`${place.locate(label)} does not hold a number`)
      },
    },
    options,
  )
}
