import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { canFail, compileFailingDisk } from '../failing-disk.mjs'
import { isEverything, sweep } from './sweep.js'

/**
 * What is done to alice, below which directory the disk fails, and in which ways (see `fail-at.c`). About three hundred
 * calls make a move; `npm test` takes one of so many, `npm run test:faults` takes them all.
 */
const SAMPLES = [
  ['transfer', 'target.axiom', { full: 41, 'full-for-good': 67, filling: 97, io: 67, 'io-for-good': 151, short: 151 }],
  [
    'transfer',
    'source.axiom',
    { full: 97, 'full-for-good': 151, filling: 151, io: 97, 'io-for-good': 151, short: 151 },
  ],
  ['export', 'out', { full: 4, filling: 5, io: 4, short: 5 }],
  ['leave', 'source.axiom', { full: 97, 'full-for-good': 151, io: 151 }],
  ['leave', 'out', { full: 5, filling: 5, io: 5 }],
  ['extract', 'out', { full: 41, io: 61 }],
  ['import', 'target.axiom', { full: 97, 'full-for-good': 151, filling: 151, io: 151, short: 151 }],
] as const

const without = canFail() ? '' : ' (skipped: it takes Linux with glibc and a C compiler)'

describe(`a disk that fails in the middle of a move${without}`, () => {
  it.runIf(canFail()).for(SAMPLES)(
    'in a %s below %s: it is undone or can be ended, and says where',
    { timeout: 3_600_000 },
    async ([deed, where, ways]) => {
      const sweeps = Object.entries(ways).map(([way, sample]) => {
        const step = isEverything ? 1 : sample
        return `${way}:${randomInt(1, step + 1)}:${step}`
      })
      const library = compileFailingDisk(temporaryDirectory())
      const told = await sweep('move-sweep.mjs', [deed, where, ...sweeps], scratch => ({
        LD_PRELOAD: library,
        FAIL_AT_BELOW: join(scratch, 'ground', where),
      }))
      const [, failed, findings] = /^(\d+) calls, (\d+) findings\n$/m.exec(told) ?? []
      expect(findings, `${sweeps.join(' ')}: ${told}`).toBe('0')
      expect(Number(failed)).toBeGreaterThan(sweeps.length - 1)
    },
  )
})
