import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeholder } from '../../../src/store-engine/queries/placeholder.js'
import type { Condition, Rows } from './condition-model.js'
import { fold, type Kept, Row, rows, storeWith } from './row-model.js'
import { type Asked, questions } from './selection-model.js'

const asked = questions([Row])

/** Runs a property over random rows and random questions to them. */
function property(check: (question: Asked, given: ReturnType<typeof storeWith>) => void): void {
  fc.assert(
    fc.property(rows, asked, (values, question) => {
      const given = storeWith(values)
      using _ = given.store
      check(question, given)
    }),
    { numRuns: 300 },
  )
}

function single(kept: readonly Kept[]): Rows[] {
  return kept.map(each => [each])
}

function only(found: readonly Rows[]): Kept[] {
  return found.map(([each]) => each as Kept)
}

function idsOf(found: readonly { readonly storeID: number }[]): number[] {
  return found.map(({ storeID }) => storeID)
}

describe('whatever is asked about one class', () => {
  it('is what the same filter, sort and limits find in plain JavaScript', () => {
    property(({ options, within }, { store, kept }) => {
      const expected = idsOf(only(within(single(kept))))
      const query = store.query(Row, options)
      expect(idsOf([...query])).toEqual(expected)
      expect([query.ids(), query.count(), query.first()?.storeID]).toEqual([expected, expected.length, expected[0]])
      expect(query.distinct().ids()).toEqual(expected)
    })
  })

  it('sums, means and extremes are of the rows within the limits', () => {
    property(({ options, within }, { store, kept }) => {
      const found = only(within(single(kept)))
      const query = store.query(Row, options)
      const numbers = found.flatMap(({ n }) => n ?? [])
      const prices = found.flatMap(({ price }) => price ?? []).map(({ unscaled }) => unscaled)
      const times = found.flatMap(({ at }) => at ?? []).sort((a, b) => a.compare(b))
      expect(query.column(Row.n).count()).toBe(numbers.length)
      expect(query.sum(Row.n)).toBe(numbers.reduce((a, b) => a + b, 0))
      expect(query.sum(Row.price).unscaled).toBe(prices.reduce((a, b) => a + b, 0n))
      expect(query.average(Row.n)).toEqual(
        numbers.length === 0 ? undefined : numbers.reduce((a, b) => a + b, 0) / numbers.length,
      )
      expect(query.min(Row.n)).toBe(numbers.length === 0 ? undefined : Math.min(...numbers))
      expect([query.min(Row.at), query.max(Row.at)]).toEqual([times[0], times.at(-1)])
    })
  })

  it('columns come row by row, and distinct values where they first occur, before the limits', () => {
    property(({ options, within, matching }, { store, kept }) => {
      const found = only(within(single(kept)))
      const query = store.query(Row, options)
      expect(query.column(Row.label).toArray()).toEqual(found.map(({ label }) => label))
      expect(query.columns(Row.n, Row.flag).toArray()).toEqual(found.map(({ n, flag }) => [n, flag]))
      const labels = only(matching(single(kept))).map(({ label }) => label)
      const unique = labels.filter((each, index) => labels.findIndex(other => isSame(other, each)) === index)
      const { offset = 0, limit = unique.length } = options
      const expected = unique.slice(offset, offset + limit)
      expect(query.column(Row.label).distinct().toArray()).toEqual(expected)
      expect(query.column(Row.label).distinct().count()).toBe(expected.filter(each => each !== null).length)
    })
  })

  it('pages of any size hold the same rows', () => {
    fc.assert(
      fc.property(rows, asked, fc.integer({ min: 1, max: 4 }), (values, { options, within }, size) => {
        const { store, kept } = storeWith(values)
        using _ = store
        const pages = [...store.query(Row, options).paginate(size)]
        expect(idsOf(pages.flat())).toEqual(idsOf(only(within(single(kept)))))
        expect(pages.every(({ length }) => length > 0 && length <= size)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('a list made by another query finds the rows that it finds', () => {
    property(({ options, within }, { store, kept }) => {
      const found = only(within(single(kept)))
      const inner = store.query(Row, options)
      expect(store.query(Row, { where: Row.storeID.oneOf(inner) }).ids()).toEqual(idsOf(found).sort((a, b) => a - b))
      const numbers = found.map(({ n }) => n).filter(each => each !== null)
      const others = kept.filter(({ n }) => numbers.length === 0 || (n !== null && !numbers.includes(n)))
      expect(store.query(Row, { where: Row.n.notOneOf(inner.column(Row.n)) }).ids()).toEqual(idsOf(others))
    })
  })

  it('deletion takes exactly the rows within the limits', () => {
    property(({ options, within }, { store, kept }) => {
      const doomed = new Set(idsOf(only(within(single(kept)))))
      expect(store.query(Row, options).deleteFromStore()).toBe(doomed.size)
      expect(store.query(Row).ids()).toEqual(idsOf(kept).filter(each => !doomed.has(each)))
      expect(store.sql.value('SELECT count(*) FROM axiom_objects WHERE type_id = -1')).toBe(doomed.size)
    })
  })
})

describe('whatever is asked about a class joined with itself', () => {
  const other = placeholder(Row)
  const tie: Condition = {
    comparison: Row.n.lessOrEqual(other.n),
    holds: ([one, two]) => (one?.n == null || two?.n == null ? null : one.n <= two.n),
    said: '0.n ≤ 1.n',
  }
  const joined = questions([Row, other], tie)
  const pairs = (kept: readonly Kept[]): Rows[] => kept.flatMap(one => kept.map(two => [one, two]))

  it('is what loops in loops find, and so are its pages', () => {
    fc.assert(
      fc.property(rows, joined, fc.integer({ min: 1, max: 5 }), (values, { options, within }, size) => {
        const { store, kept } = storeWith(values)
        using _ = store
        const expected = within(pairs(kept)).map(idsOf)
        const query = store.query([Row, other], options)
        expect([...query].map(idsOf)).toEqual(expected)
        expect(query.count()).toBe(expected.length)
        expect([...query.paginate(size)].flat().map(idsOf)).toEqual(expected)
        expect(query.columns(Row.storeID, other.storeID).toArray()).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  it('gives one side once for each match, or distinctly once', () => {
    fc.assert(
      fc.property(rows, joined, (values, { options, within, matching }) => {
        const { store, kept } = storeWith(values)
        using _ = store
        const query = store.query(Row, options)
        expect(query.ids()).toEqual(idsOf(only(within(pairs(kept)))))
        const { sort: _sort, ...unsorted } = options
        const unique = [...new Set(idsOf(only(matching(pairs(kept)))))].sort((a, b) => a - b)
        const { offset = 0, limit = unique.length } = options
        expect(store.query(Row, unsorted).distinct().ids()).toEqual(unique.slice(offset, offset + limit))
      }),
      { numRuns: 300 },
    )
  })
})

function isSame(one: string | null, other: string | null): boolean {
  return one === null || other === null ? one === other : fold(one) === fold(other)
}
