import { ConstraintError } from '../errors.js'

const SEPARATOR = '\u001f'
const GUARD = '\u0002'

/**
 * The stored form of a list: a guard element, then the elements, joined with U+001F. So [] is `02` and [''] is `02 1F`
 * (format section 1.5).
 * @throws ConstraintError when an element is no string or holds a separator, a guard or U+0000.
 */
export function encodeTextList(value: readonly string[], where: string): string {
  if (!Array.isArray(value)) throw new ConstraintError(`${where} takes a list of strings`)
  for (const element of value) {
    if (
      typeof element !== 'string' ||
      [SEPARATOR, GUARD, '\0'].some(each => element.includes(each)) ||
      !element.isWellFormed()
    )
      throw new ConstraintError(`${where} takes strings without U+0000, U+0002, U+001F`)
  }
  return [GUARD, ...value].join(SEPARATOR)
}

/** The elements of a stored list. Lists from before the guard existed have none and are read whole: '' is ['']. */
export function decodeTextList(stored: string): readonly string[] {
  const parts = stored.split(SEPARATOR)
  return Object.freeze(parts[0] === GUARD ? parts.slice(1) : parts)
}
