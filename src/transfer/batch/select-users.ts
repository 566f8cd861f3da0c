/**
 * Which users of a site are meant by names, patterns or "all of them".
 *
 * A selection is read anew from the site whenever it is asked, page by page, and gives each user once, however many of
 * their addresses are named or matched. Those who have moved to the target already are part of it: a batch that was
 * stopped is given again in the same words, and then says of everybody where they are.
 *
 * Patterns and "all" mean accounts that have an address with a domain and a store; application stores have neither a
 * domain nor a life of their own, and are named one by one.
 */
import { methodsOf } from '../../accounts/account-rows.js'
import { findAccountByAddress } from '../../accounts/find-account.js'
import { type AccountRow, listAccounts } from '../../accounts/list-accounts.js'
import { type Address, parseExistingAddress } from '../../base/address.js'
import { NotFoundError } from '../../base/errors.js'
import { addressKey } from '../../site/reservations.js'
import type { Site } from '../../site/site.js'
import { findTombstone, listTombstones, listTombstonesOf, type Tombstone } from '../../site/tombstones.js'
import type { AddressGlob } from './address-glob.js'
import { hasMovedTo } from './already-there.js'

export interface UserSelection {
  /** Whether there is such a user is found out when it is their turn. */
  readonly addresses?: readonly Address[]
  readonly globs?: readonly AddressGlob[]
  readonly all?: boolean
}

/**
 * An address of each user who is meant. Those who are at the target already come first, since moves that are made
 * between two steps of this add to them; then those who are named, in their order, then the others in the order in
 * which they were created.
 */
export function* selectUsers(source: Site, target: Site, selection: UserSelection): Generator<Address> {
  const isMeant = matcherOf(selection)
  if (isMeant !== undefined) yield* alreadyMoved(source, target, isMeant)
  const named = new Set<string | number>()
  for (const address of selection.addresses ?? []) {
    if (named.has(addressKey(address)) || (isMeant?.(address) && isToldAlready(source, target, address))) continue
    for (const key of keysOf(source, address)) named.add(key)
    yield address
  }
  if (isMeant === undefined) return
  for (const row of listAccounts(source)) {
    const [address] = named.has(row.accountId) ? [] : addressesOf(row).filter(isMeant)
    if (address !== undefined) yield address
  }
}

/** How many {@link selectUsers} would give, and how many of them a pattern has found at the target already. */
export function countUsers(
  source: Site,
  target: Site,
  selection: UserSelection,
): { readonly total: number; readonly already: number } {
  const isMeant = matcherOf(selection)
  return {
    total: countOf(selectUsers(source, target, selection)),
    already: isMeant === undefined ? 0 : countOf(alreadyMoved(source, target, isMeant)),
  }
}

function countOf(addresses: Iterable<Address>): number {
  let count = 0
  for (const _ of addresses) count += 1
  return count
}

/**
 * Makes sure that each pattern matches somebody, here or moved to the target already: one that does not is misspelt.
 *
 * @throws NobodyMatchesError for the first that matches nobody.
 */
export function assertGlobsMatch(source: Site, target: Site, globs: readonly AddressGlob[]): void {
  const unmatched = new Set(globs)
  if (unmatched.size === 0) return
  for (const address of everybody(source, target)) {
    for (const glob of unmatched) if (glob.matches(address)) unmatched.delete(glob)
    if (unmatched.size === 0) return
  }
  const [first] = unmatched
  throw new NobodyMatchesError(first?.text ?? '', source.directory)
}

/** No account of the site matches the pattern; nobody was moved. */
export class NobodyMatchesError extends NotFoundError {
  constructor(pattern: string, directory: string) {
    super(`no account of ${directory} matches ${pattern}`, {
      code: 'NOBODY_MATCHES',
      hint: 'list the accounts with: mantissa users',
      details: { pattern, directory },
    })
  }
}

/** All names of whoever is named, since they cannot be looked up here once their user has moved. */
function keysOf(source: Site, address: Address): readonly (string | number)[] {
  const account = findAccountByAddress(source, address)
  if (account === undefined) return [addressKey(address)]
  return [account.storeID, addressKey(address), ...methodsOf(source.store, account).map(addressKey)]
}

function matcherOf({ all, globs = [] }: UserSelection): ((address: Address) => boolean) | undefined {
  if (all) return ({ domain }) => domain !== null
  return globs.length === 0 ? undefined : address => globs.some(glob => glob.matches(address))
}

function* everybody(source: Site, target: Site): Generator<Address> {
  for (const row of listAccounts(source)) yield* addressesOf(row)
  for (const stone of listTombstones(source)) if (hasMovedTo(target, stone)) yield addressOf(stone)
}

function addressesOf({ storepath, methods }: AccountRow): readonly Address[] {
  return storepath === null ? [] : methods.filter(method => method.domain !== null)
}

/** A store has a tombstone for each address; the first that is meant stands for the user. */
function* alreadyMoved(source: Site, target: Site, isMeant: (address: Address) => boolean): Generator<Address> {
  for (const stone of listTombstones(source)) {
    if (!isMeant(addressOf(stone)) || !hasMovedTo(target, stone)) continue
    const first = listTombstonesOf(source, stone.storeId).find(each => isMeant(addressOf(each)))
    if (first?.address === stone.address) yield addressOf(stone)
  }
}

function isToldAlready(source: Site, target: Site, address: Address): boolean {
  const stone = findAccountByAddress(source, address) === undefined ? findTombstone(source, address) : undefined
  return stone !== undefined && hasMovedTo(target, stone)
}

function addressOf({ address }: Tombstone): Address {
  return parseExistingAddress(address)
}
