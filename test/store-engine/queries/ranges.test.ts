import { describe, expect, it } from 'vitest'
import { integer } from '../../../src/store-engine/attributes/attributes.js'
import { ConstraintError } from '../../../src/store-engine/errors.js'
import { item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import { ColumnTuple } from '../../../src/store-engine/queries/column-tuple.js'
import type { Comparison } from '../../../src/store-engine/queries/comparison.js'
import { inRange, overlapping } from '../../../src/store-engine/queries/ranges.js'
import { Store } from '../../../src/store-engine/store.js'
import { Note } from '../test-items.js'

class Span extends item({
  typeName: 'query_span',
  version: 1,
  module: 'axiom.item',
  attributes: { start: integer(), end: integer(), mark: integer() },
}) {}
registerItemTypes(Span)

function spans(...given: readonly (readonly [number, number, number?])[]): (where: Comparison) => number[] {
  const store = Store.inMemory()
  for (const [start, end, mark] of given) store.create(Span, { start, end, mark: mark ?? null })
  return where => store.query(Span, { where }).ids()
}

describe('ranges', () => {
  it('hold their start and not their end, whichever side is a column', () => {
    const find = spans([1, 5, 1], [5, 9, 9], [0, 4, 2])
    expect(find(inRange(Span.start, Span.end, 4))).toEqual([1])
    expect(find(inRange(Span.start, Span.end, 5))).toEqual([2])
    expect(find(inRange(1, 9, Span.mark))).toEqual([1, 3])
    expect(find(inRange(Span.start, 9, Span.mark))).toEqual([1, 3])
    expect(find(inRange(Span.start, Span.end, Span.mark))).toEqual([1, 3])
    expect(() => inRange(1, 2, 3)).toThrow(ConstraintError)
    expect(() => inRange(1, Span.end, 3)).toThrow(/a column on one side/)
  })

  it('overlap where they share a point, their ends included', () => {
    // Before, touching from below, across the start, within, around, across the end, touching from above, after.
    const find = spans([0, 2], [1, 10], [5, 12], [12, 15], [0, 99], [15, 25], [20, 30], [21, 30])
    expect(find(overlapping(Span.start, Span.end, 10, 20))).toEqual([2, 3, 4, 5, 6, 7])
    expect(find(overlapping(Span.start, Span.end, Span.start, Span.end))).toHaveLength(8)
  })
})

describe('tuples of columns', () => {
  it('compare by the first that differs', () => {
    const find = spans([1, 1], [1, 2], [2, 0], [2, 2])
    const pair = new ColumnTuple(Span.start, Span.end)
    expect(find(pair.lessThan([2, 0]))).toEqual([1, 2])
    expect(find(pair.lessOrEqual([2, 0]))).toEqual([1, 2, 3])
    expect(find(pair.greaterThan([1, 1]))).toEqual([2, 3, 4])
    expect(find(pair.greaterOrEqual([1, 2]))).toEqual([2, 3, 4])
    expect(find(pair.equals([2, Span.start]))).toEqual([4])
    expect(find(pair.notEquals([1, 1]))).toEqual([2, 3, 4])
  })

  it('take as many values as columns, each of its kind', () => {
    const pair = new ColumnTuple(Span.start, Span.end)
    expect(() => new ColumnTuple()).toThrow(ConstraintError)
    // @ts-expect-error one value is missing
    expect(() => pair.equals([1])).toThrow(/2 columns cannot be compared with 1/)
    // @ts-expect-error a column of text
    expect(() => pair.equals([1, Note.name])).toThrow(/cannot compare/)
  })
})
