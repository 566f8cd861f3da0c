import { randomInt } from 'node:crypto'
import { expect, it } from 'vitest'
import { isEverything, sweep } from './sweep.js'

const TOO_LONG = { timeout: 900_000 }

it(
  'a mover that sleeps while others end its move, and she moves on, changes nothing when it wakes',
  TOO_LONG,
  async () => {
    const [first, step] = isEverything ? [0, 1] : [randomInt(9), 9]
    const told = await sweep('sleeper-sweep.mjs', [first, step])
    const expected = /^[1-9]\d* slept, [1-9]\d* aborted, [1-9]\d* completed, 0 findings\n$/
    expect(told, `from moment ${first} on, every ${step}`).toMatch(expected)
  },
)
