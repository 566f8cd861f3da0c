import type { Address } from '../base/address.js'
import { formatAddress } from '../base/address.js'
import type { JsonObject } from '../base/json.js'
import { addressKey } from '../site/reservations.js'

/** A login method as plain data. */
export interface MethodRecord {
  readonly localpart: string
  readonly domain: string | null
  readonly protocol: string
  readonly internal: boolean
  readonly verified: boolean
}

/** What a site holds for a user and what travels with the user's store: an account as plain data. */
export interface AccountRecord {
  readonly passwordHash: string | null
  readonly disabled: boolean
  /** Oldest first; the first one is what the account is called. */
  readonly methods: readonly MethodRecord[]
}

/** What an account is called: its oldest address. An account that has lost all of them has no name. */
export function nameOfAccount(record: AccountRecord): string | null {
  const [first] = record.methods
  return first === undefined ? null : formatAddress(first)
}

/** Whether it is the account of an application store: it has names, and none of them a domain. */
export function isApplication(record: AccountRecord): boolean {
  return record.methods.length > 0 && record.methods.every(method => method.domain === null)
}

/** The addresses of all methods, each once, as the oldest method spells it. */
export function addressesOf(record: AccountRecord): readonly Address[] {
  const byKey = new Map<string, MethodRecord>()
  for (const method of record.methods) if (!byKey.has(addressKey(method))) byKey.set(addressKey(method), method)
  return [...byKey.values()].map(({ localpart, domain }) => ({ localpart, domain }))
}

/** Tells methods of one account apart: one address may serve several protocols. */
export function methodKey(method: MethodRecord): string {
  return `${method.protocol.toLowerCase()} ${addressKey(method)}`
}

/** Whether two methods are equal in everything, spelling included. */
export function sameMethod(one: MethodRecord, other: MethodRecord): boolean {
  return (
    one.localpart === other.localpart &&
    one.domain === other.domain &&
    one.protocol === other.protocol &&
    one.internal === other.internal &&
    one.verified === other.verified
  )
}

/** The `--json` shape of a method. */
export function methodJson(method: MethodRecord): JsonObject {
  const { protocol, internal, verified } = method
  return { address: formatAddress(method), protocol, internal, verified }
}
