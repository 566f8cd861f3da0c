import { randomInt } from 'node:crypto'
import { expect, it } from 'vitest'
import { isEverything, sweep } from './sweep.js'

const TOO_LONG = { timeout: 300_000 }

it.for(['target', 'source'])(
  'the directory of the %s goes away in the middle, and comes back',
  TOO_LONG,
  async side => {
    const [first, step] = isEverything ? [0, 1] : [randomInt(6), 6]
    const told = await sweep('vanishing-sweep.mjs', [side, first, step])
    expect(told, `from moment ${first} on, every ${step}`).toMatch(/^[1-9]\d* moves, 0 findings\n$/)
  },
)
