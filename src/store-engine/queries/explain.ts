import type { Selection, Writer } from './selection.js'

/**
 * How SQLite would find the answer, a line for each step, steps within steps indented; for people. Empty where the
 * store has no table for something that takes part.
 */
export function explain(selection: Selection, write: Writer): string[] {
  const depths = new Map<unknown, number>()
  return selection
    .rows(scope => `EXPLAIN QUERY PLAN ${write(scope)}`)
    .map(([id, parent, , detail]) => {
      const depth = (depths.get(parent) ?? -1) + 1
      depths.set(id, depth)
      return `${'  '.repeat(depth)}${detail}`
    })
}
