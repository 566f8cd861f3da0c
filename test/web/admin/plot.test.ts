import { expect, it } from 'vitest'
import { plotOf, shortNumber } from '../../../src/web/admin/plot.js'

const plot = (...values: readonly (number | null)[]): string =>
  String(plotOf({ title: 'Load', unit: 'ms', since: '1 h ago', lines: [{ name: 'p50', values }] }))
const linesOf = (text: string): readonly string[] =>
  [...text.matchAll(/<path d="([^"]*)" fill="none" stroke="var\(--accent\)" stroke-width="1.5"/g)].map(
    ([, d = '']) => d,
  )

it('draws values from the left to the right, the highest below the top', () => {
  expect(linesOf(plot(0, 5, 10))).toEqual(['M44.0 110.0h0.01L180.5 59.0L317.0 8.0'])
})

it('leaves a gap where there is nothing, and shows a value that is alone', () => {
  expect(linesOf(plot(1, null, 1))).toEqual(['M44.0 8.0h0.01M317.0 8.0h0.01'])
  expect(linesOf(plot())).toEqual([''])
})

it('says in words what it shows', () => {
  expect(plot(1, 20)).toContain('aria-label="Load, from 1 h ago to now: p50 20 ms now, 20 ms at most"')
  expect(plot(null)).toContain('p50 nothing yet')
  expect(plot(7, null)).toContain('p50 nothing now, 7 ms at most')
})

it('has no place for markup', () => {
  const lines = [{ name: '<i>"', values: [1] }]
  const text = String(plotOf({ title: '<b>', unit: '&', since: "'", lines }))
  expect(text).not.toMatch(/<[ib]>/)
})

it.each([
  [0, '0'],
  [0.1234, '0.123'],
  [123.4, '123'],
  [12_345, '12.3k'],
  [7_654_321, '7.65M'],
])('writes %d as %s', (value, text) => {
  expect(shortNumber(value)).toBe(text)
})
