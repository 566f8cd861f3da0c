import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { beforeEach, expect, it } from 'vitest'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const bin = fileURLToPath(new URL('../../bin/mantissa.js', import.meta.url))
const reporter = pathToFileURL(fileURLToPath(new URL('../bench/report-memory.mjs', import.meta.url))).href
const MEBIBYTE = 2 ** 20
const LARGE = 250 * MEBIBYTE
/** Less than the file, and enough for Node and SQLite. */
const MOST = 150 * MEBIBYTE

let cwd: string

beforeEach(async () => {
  cwd = temporaryDirectory()
  for (const line of ['create-site west.axiom', 'create-site east.axiom'])
    expect(await mantissa(line, { cwd })).toMatchObject({ code: 0 })
  const useradd = 'useradd alice@example.com --passwordless --site west.axiom'
  expect(await mantissa(useradd, { cwd })).toMatchObject({ code: 0 })
})

const filesOf = (site: string) => join(cwd, site, 'files/account/example.com/alice.axiom/files')

/** A verb in a process that leaves its peak memory in a file. */
function start(verb: readonly string[], name: string): ChildProcess {
  const env = { PATH: process.env['PATH'], HOME: cwd, MANTISSA_BENCH_MEMORY_FILE: join(cwd, `${name}.memory`) }
  const child = spawn(process.execPath, ['--import', reporter, bin, ...verb], { cwd, env, stdio: 'pipe' })
  child.stderr?.resume()
  return child
}

const peakOf = (name: string) => Number(readFileSync(join(cwd, `${name}.memory`), 'utf8')) * 1024

it('a user goes from site to site through a pipe, and neither process holds more than a part', async () => {
  writeFileSync(join(filesOf('west.axiom'), 'größe'), 'small')
  writeFileSync(join(filesOf('west.axiom'), 'large'), '')
  truncateSync(join(filesOf('west.axiom'), 'large'), LARGE)
  const leaving = start(['export-user', 'alice@example.com', '-', '--site', 'west.axiom'], 'leaving')
  const arriving = start(['import-user', '-', '--site', 'east.axiom'], 'arriving')
  leaving.stdout?.pipe(arriving.stdin as NodeJS.WritableStream)
  const ends = await Promise.all([leaving, arriving].map(async child => (await once(child, 'close'))[0]))
  expect(ends).toEqual([0, 0])
  expect(readFileSync(join(filesOf('east.axiom'), 'größe'), 'utf8')).toBe('small')
  expect(readFileSync(join(filesOf('east.axiom'), 'large')).equals(Buffer.alloc(LARGE))).toBe(true)
  expect(peakOf('leaving')).toBeLessThan(MOST)
  expect(peakOf('arriving')).toBeLessThan(MOST)
})
