import type { Address } from '../base/address.js'
import { foldCase, formatAddress } from '../base/address.js'
import { or } from '../store-engine/comparison.js'
import type { Store } from '../store-engine/store.js'
import { LoginMethod } from './login-method.js'

/** How many candidates are compared; a site of a hundred thousand must not be read for a typing error. */
const CANDIDATES = 1000

/** Existing addresses that somebody may have meant: at most three, the nearest first. */
export function similarAddresses(store: Store, address: Address): readonly string[] {
  const meant = foldCase(formatAddress(address))
  const limit = Math.max(1, Math.min(3, Math.floor(meant.length / 4)))
  const near = new Map<string, number>()
  for (const candidate of candidates(store, address)) {
    const distance = editDistance(meant, foldCase(candidate))
    if (distance <= limit || isSameNameElsewhere(meant, candidate, address)) near.set(candidate, distance)
  }
  return [...near]
    .sort(([, one], [, other]) => one - other)
    .slice(0, 3)
    .map(([candidate]) => candidate)
}

function candidates(store: Store, { localpart }: Address): readonly string[] {
  const begin = [...localpart][0] ?? ''
  const where = or(LoginMethod.localpart.startsWith(begin), LoginMethod.localpart.endsWith(localpart.slice(-2)))
  return store
    .query(LoginMethod, { where, limit: CANDIDATES })
    .toArray()
    .map(method => method.address)
}

function isSameNameElsewhere(meant: string, candidate: string, { localpart }: Address): boolean {
  return meant !== foldCase(candidate) && foldCase(candidate).startsWith(`${foldCase(localpart)}@`)
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one text to the other. */
export function editDistance(one: string, other: string): number {
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + same,
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = last
    last = current
  }
  return last[other.length] ?? 0
}
