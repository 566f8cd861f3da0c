import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { canFail, compileFailingDisk } from './failing-disk.mjs'

/** `npm run test:faults` lets every call fail in every way; `npm test` takes samples where the last word says so. */
const WAYS = [
  ['full', 'finds the disk full', 1],
  ['io', 'is refused with an I/O error', 1],
  ['kill', 'is the last of a killed process', 1],
  ['full-for-good', 'finds the disk full, as do those after it', 9],
  ['io-for-good', 'fails on a disk that lets go of nothing', 9],
  ['tear', 'writes a half and is the last of a killed process', 9],
] as const

/** Runs `fault-sweep.mjs` and returns what it prints. */
function sweep(...words: readonly (string | number)[]): Promise<string> {
  const library = compileFailingDisk(temporaryDirectory())
  const disk = join(temporaryDirectory(), 'disk')
  mkdirSync(disk)
  const [mode, way, ...calls] = words.map(String)
  const script = join(import.meta.dirname, 'fault-sweep.mjs')
  return new Promise(resolve => {
    const child = spawn(process.execPath, ['--single-threaded', script, mode ?? '', way ?? '', disk, ...calls], {
      env: { PATH: process.env.PATH, LD_PRELOAD: library, FAIL_AT_BELOW: disk },
    })
    let told = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (told += chunk))
    child.on('close', code => resolve(code === 0 ? told : `${told}\nended with ${code}`))
  })
}

const without = canFail() ? '' : ' (skipped: it takes Linux with glibc and a C compiler)'

describe(`every call that writes to a store${without}`, () => {
  const cases = ['wal', 'delete'].flatMap(mode => WAYS.map(way => [mode, ...way] as const))
  it.runIf(canFail()).for(cases)(
    '(%s, %s) %s, and the store is whole',
    { timeout: 180_000 },
    async ([mode, way, , sample]) => {
      const step = process.env.FAULTS === 'every' ? 1 : sample
      const first = randomInt(1, step + 1)
      const told = await sweep(mode, way, first, step)
      const [, failed, findings] = /^(\d+) calls, (\d+) findings\n$/m.exec(told) ?? []
      expect(findings, `from call ${first} on, every ${step}: ${told}`).toBe('0')
      expect(Number(failed)).toBeGreaterThan(400 / step)
    },
  )
})
