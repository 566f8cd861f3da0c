import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROTOCOL } from '../../../src/transfer/protocol/protocol.js'
import { canFail } from '../failing-disk.mjs'
import { deal, ONE_ROUND, WHOLE_MATRIX } from './deal.mjs'

/** What `run.mjs` prints, and how it ends. The seed is a new one each time; it is in the text, as is what went wrong. */
async function crash(...words: readonly string[]): Promise<{ readonly told: string; readonly code: unknown }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run.mjs'), ...words])
  let told = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (told += chunk))
  const [code] = await once(child, 'close')
  return { told, code }
}

const without = canFail() ? '' : ' (skipped: it takes Linux with glibc and a C compiler)'

describe(`a move during which somebody is killed${without}`, () => {
  it.runIf(canFail())(
    'leaves the user once, with everything acknowledged: each step and each victim once (npm run crash: each moment too)',
    async () => {
      const { told, code } = await crash('--runs', String(ONE_ROUND))
      expect(told).toMatch(new RegExp(`\n${ONE_ROUND} runs, 0 failed, \\d+ s; killed: .*\n$`))
      expect(code, told).toBe(0)
      expect(ONE_ROUND).toBeGreaterThanOrEqual(60)
    },
    // Under a minute where nothing else is going on.
    600_000,
  )
})

describe('the matrix of kills', () => {
  const dealt = (seed: number, runs: number) => Array.from({ length: runs }, (_, number) => deal(seed, number))
  const names = PROTOCOL.map(({ name }) => name)

  it.each([1, 2, 3])('has each step of the protocol, each victim and each moment (seed %i)', seed => {
    const cells = dealt(seed, WHOLE_MATRIX).flatMap(({ cell }) => (cell === undefined ? [] : [JSON.stringify(cell)]))
    const wanted = names.flatMap(step =>
      ['command', 'source', 'target'].flatMap(victim =>
        ['before', 'within', 'after'].map(moment => JSON.stringify({ step, victim, moment })),
      ),
    )
    expect(new Set(cells)).toEqual(new Set(wanted))
  })

  it('has each step with each victim in its first round', () => {
    const columns = dealt(5, ONE_ROUND).flatMap(({ cell }) =>
      cell === undefined ? [] : [`${cell.step} ${cell.victim}`],
    )
    expect(new Set(columns).size).toBe(3 * names.length)
  })

  it('is the same for the same seed, and another for another', () => {
    expect(dealt(7, 30)).toEqual(dealt(7, 30))
    expect(dealt(7, 30)).not.toEqual(dealt(8, 30))
  })
})
