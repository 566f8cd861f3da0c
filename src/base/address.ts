/**
 * `localpart@domain`: the name a person logs in with.
 *
 * Two readers, because names come from two places. What is created must be clean ({@link parseAddress}): it becomes
 * a directory name, is printed in tables and compared by other programs. What exists already was perhaps written by
 * the original software, which refused almost nothing; it can still be listed, moved and removed, so looking it up
 * ({@link parseExistingAddress}) takes any text.
 *
 * Comparison is that of the database column: ASCII letters without case, everything else byte for byte. Unicode case
 * folding would make two addresses equal here that SQLite keeps apart.
 *
 * A domain of `null` is the name of an application store: accounts named like their offering.
 */
import { InvalidInputError } from './errors.js'

export interface Address {
  readonly localpart: string
  readonly domain: string | null
}

/** In bytes of UTF-8. `<localpart>~2.axiom` must remain a legal file name. */
const LONGEST_LOCALPART = 200
const LONGEST_ADDRESS = 254

/** Control characters, lone surrogates, line and paragraph separators, marks that reorder text on a screen. */
const CONTROL = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u
/** What no screen shows: an address with it looks like somebody else's. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u

/**
 * Reads an address that is to be created. The result is NFC-normalised; letter case is kept as typed.
 *
 * @throws InvalidInputError (`INVALID_ADDRESS`) naming the first rule that is broken.
 */
export function parseAddress(text: string): Address {
  const typed = text.normalize('NFC')
  const at = typed.lastIndexOf('@')
  if (at < 0) throw refuse(text, 'has no "@"')
  const address = { localpart: typed.slice(0, at), domain: typed.slice(at + 1) }
  const fault =
    faultOfPart(address.localpart, 'localpart') ?? faultOfPart(address.domain, 'domain') ?? faultOfLength(address)
  if (fault !== undefined) throw refuse(text, fault)
  return address
}

/**
 * Reads the name of something that may exist, exactly as typed. Without `@` it names an application store.
 * As in the original, the first `@` divides.
 *
 * @throws InvalidInputError (`INVALID_ADDRESS`) for an empty text and for NUL, which no store can hold.
 */
export function parseExistingAddress(text: string): Address {
  if (text === '') throw refuse(text, 'is empty')
  if (text.includes('\0')) throw refuse(text, 'holds a NUL character')
  const at = text.indexOf('@')
  return at < 0 ? { localpart: text, domain: null } : { localpart: text.slice(0, at), domain: text.slice(at + 1) }
}

/** The same name with both parts NFC-normalised; what new accounts are stored as. */
export function normalizeAddress(address: Address): Address {
  return { localpart: address.localpart.normalize('NFC'), domain: address.domain?.normalize('NFC') ?? null }
}

/** `localpart@domain`, or the bare localpart where the domain is null. */
export function formatAddress(address: Address): string {
  return address.domain === null ? address.localpart : `${address.localpart}@${address.domain}`
}

/** Whether both name one account: as the database compares, after NFC. */
export function sameAddress(one: Address, other: Address): boolean {
  return keyOf(one) === keyOf(other)
}

/** Lowers the letters A to Z and nothing else, as SQLite's NOCASE does. */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]/g, letter => letter.toLowerCase())
}

function keyOf(address: Address): string {
  return foldCase(formatAddress(normalizeAddress(address)))
}

function faultOfPart(part: string, name: string): string | undefined {
  if (part === '') return `has an empty ${name}`
  if (CONTROL.test(part)) return `has a control character in its ${name}`
  if (INVISIBLE.test(part)) return `has an invisible character in its ${name}`
  if (/\s/u.test(part)) return `has a space in its ${name}`
  if (part.includes('@')) return 'has more than one "@"'
  if (/[/\\]/.test(part)) return `has a slash in its ${name}`
  if (part.startsWith('.')) return `has a ${name} that begins with a dot`
  return undefined
}

function faultOfLength(address: Address): string | undefined {
  if (Buffer.byteLength(address.localpart) > LONGEST_LOCALPART)
    return `has a localpart of more than ${LONGEST_LOCALPART} bytes`
  if (Buffer.byteLength(formatAddress(address)) > LONGEST_ADDRESS) return `has more than ${LONGEST_ADDRESS} bytes`
  return undefined
}

function refuse(text: string, fault: string): InvalidInputError {
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
  return new InvalidInputError(`address ${shown} ${fault}`, {
    code: 'INVALID_ADDRESS',
    hint: 'write it as localpart@domain, for example alice@example.com',
    details: { address: text },
  })
}
