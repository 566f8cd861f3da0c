import { type Address, foldCase, normalizeAddress } from '../../base/address.js'
import { InvalidInputError } from '../../base/errors.js'

/** A pattern of addresses: `*` is any text, also none, and `?` one character, neither of them across the `@`. */
export interface AddressGlob {
  /** As typed. */
  readonly text: string
  matches(address: Address): boolean
}

/** Whether a text is meant as a pattern. An address that has such a character in it can be named in a list only. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text)
}

/**
 * Reads a pattern. It is compared as addresses are: letters A to Z without case, in NFC. Names without a domain are
 * matched by none.
 *
 * @throws InvalidInputError (`INVALID_GLOB`) where it has no `@`: a name without a domain is an application store's,
 *   and those are named one by one.
 */
export function parseGlob(text: string): AddressGlob {
  const at = text.indexOf('@')
  if (at < 0) {
    throw new InvalidInputError(`the pattern ${JSON.stringify(text)} has no "@"`, {
      code: 'INVALID_GLOB',
      hint: `write it like '*@example.com', or give --all`,
      details: { pattern: text },
    })
  }
  const localpart = charactersOf(text.slice(0, at))
  const domain = charactersOf(text.slice(at + 1))
  return {
    text,
    matches(address) {
      const normal = normalizeAddress(address)
      if (normal.domain === null) return false
      return matches(localpart, charactersOf(normal.localpart)) && matches(domain, charactersOf(normal.domain))
    },
  }
}

function charactersOf(text: string): readonly string[] {
  return [...foldCase(text.normalize('NFC'))]
}

/**
 * A star takes as little as it can, and one more whenever what follows does not fit; going back to the last star is
 * enough, so many stars cost no more than few.
 */
function matches(pattern: readonly string[], text: readonly string[]): boolean {
  let [at, star, taken] = [0, -1, 0]
  for (let place = 0; place < text.length; ) {
    if (pattern[at] === '*') {
      star = at++
      taken = place
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[place])) {
      at += 1
      place += 1
    } else if (star < 0) return false
    else {
      at = star + 1
      place = ++taken
    }
  }
  return pattern.slice(at).every(each => each === '*')
}
