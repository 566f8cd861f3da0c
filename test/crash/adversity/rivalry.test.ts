import { expect, it } from 'vitest'
import { isEverything, seed, sweep } from './sweep.js'

it('of two who want something of one user at once exactly one gets it', { timeout: 900_000 }, async () => {
  const told = await sweep('rivalry-sweep.mjs', [seed, isEverything ? 60 : 3])
  expect(told).toMatch(/^\d+ to \d+, 0 findings\n$/)
})
