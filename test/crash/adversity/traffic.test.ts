import { expect, it } from 'vitest'
import { isEverything, seed, sweep } from './sweep.js'

it('users move between two sites in both directions at once while others write both', {
  timeout: 600_000,
}, async () => {
  const [users, moves] = isEverything ? [10, 12] : [2, 2]
  const told = await sweep('traffic-sweep.mjs', [seed, users, moves])
  const [, moved, written] = /^(\d+) moved, (\d+) written, \d+ refused\n$/.exec(told) ?? []
  expect(moved, `seed ${seed}: ${told}`).toBe(String(2 * users * moves))
  expect(Number(written)).toBeGreaterThan(0)
})
