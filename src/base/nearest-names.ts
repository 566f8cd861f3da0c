import { foldCase } from './address.js'

/**
 * The names that somebody who typed `word` may have meant, best first: at most `limit`, and none that differs in more
 * than a third of its letters. Meant for a hint; nothing is ever run on the strength of it.
 */
export function nearestNames(word: string, names: Iterable<string>, limit = 3): string[] {
  const typed = foldCase(word)
  const near: { readonly name: string; readonly distance: number }[] = []
  for (const name of names) {
    const bound = Math.floor(Math.max(typed.length, name.length) / 3)
    const distance = editDistance(typed, foldCase(name), bound)
    if (distance <= bound) near.push({ name, distance })
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
  return near.slice(0, limit).map(({ name }) => name)
}

/** A sentence for a hint: `did you mean a, b or c?`; empty without names. */
export function didYouMean(names: readonly string[]): string {
  if (names.length === 0) return ''
  const last = names[names.length - 1]
  return names.length === 1 ? `did you mean ${last}?` : `did you mean ${names.slice(0, -1).join(', ')} or ${last}?`
}

/** Insertions, deletions, replacements and swaps of neighbours; `bound + 1` as soon as it must be more than `bound`. */
function editDistance(from: string, to: string, bound: number): number {
  if (Math.abs(from.length - to.length) > bound) return bound + 1
  let beforePrevious: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      current[column] = cheapest({ from, to, row, column, current, previous, beforePrevious })
    }
    if (Math.min(...current) > bound) return bound + 1
    beforePrevious = previous
    previous = current
  }
  return previous[to.length] ?? bound + 1
}

interface Cell {
  readonly from: string
  readonly to: string
  readonly row: number
  readonly column: number
  readonly current: readonly number[]
  readonly previous: readonly number[]
  readonly beforePrevious: readonly number[]
}

function cheapest({ from, to, row, column, current, previous, beforePrevious }: Cell): number {
  const same = from[row - 1] === to[column - 1]
  const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
  return Math.min(
    at(previous, column) + 1,
    at(current, column - 1) + 1,
    at(previous, column - 1) + (same ? 0 : 1),
    swapped ? at(beforePrevious, column - 2) + 1 : Number.POSITIVE_INFINITY,
  )
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
