import { expect, it } from 'vitest'
import { isEverything, seed, sweep } from './sweep.js'

const LONG = { timeout: 1_800_000 }

/** What is done at which moment of the protocol: passwords, disabling, login names, rows and files. */
async function meddle(moves: number | 'each'): Promise<void> {
  const told = await sweep('meddling-sweep.mjs', [seed, moves])
  const [, moved, acknowledged, refused, findings] =
    /^\d+ moves, (\d+) moved, (\d+) acknowledged, (\d+) refused, (\d+) findings\n$/m.exec(told) ?? []
  expect(findings, told).toBe('0')
  for (const count of [moved, acknowledged, refused]) expect(Number(count), told).toBeGreaterThan(0)
}

it('what is changed while she moves is refused as busy, or it is there afterwards, where she is', LONG, async () => {
  await meddle(isEverything ? 200 : 5)
})

it.runIf(isEverything)('the same for each change at each moment alone (only in the long run)', LONG, async () => {
  await meddle('each')
})
