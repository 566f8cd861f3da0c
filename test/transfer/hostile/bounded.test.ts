import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { newSite } from '../two-sites.js'
import { type BaseArchive, makeBase, withManifestText } from './base-archive.js'
import { COMPRESSIONS } from './compressions.js'
import { DATABASES } from './databases.js'
import { ENTRIES } from './entries.js'
import type { HostileCase, HostileCases } from './hostile-case.js'
import { MANIFESTS } from './manifests.js'

const bin = join(import.meta.dirname, '../../../bin/mantissa.js')
const reporter = pathToFileURL(join(import.meta.dirname, '../../bench/report-memory.mjs')).href
const parent = realpathSync(mkdtempSync(join(tmpdir(), 'mantissa-bounded-')))
let base: BaseArchive

beforeAll(async () => {
  base = await makeBase(parent)
})

afterAll(() => rmSync(parent, { recursive: true, force: true }))

const MEBIBYTE = 2 ** 20
/** MiB. A manifest may be of 64, and parsed some times as much; nothing else is held. */
const [MOST_MEMORY, MOST_FOR_A_MANIFEST] = [150, 400]
/** The base has less than one, and an entry is refused by its size before it is written. */
const MOST_ON_DISK = 2 * MEBIBYTE

function named(cases: HostileCases, ...names: readonly string[]): readonly (readonly [string, HostileCase, number])[] {
  return names.map(name => {
    const found = cases[name]
    if (found === undefined) throw new Error(`there is no case ${name}`)
    return [name, found, MOST_MEMORY]
  })
}

/** Manifests that are as long as one may be. */
const FILLED: HostileCases = {
  'sixty megabytes of brackets': { make: filled('['), code: 'ARCHIVE_MANIFEST_INVALID' },
  'sixty megabytes of digits': { make: filled('1'), code: 'ARCHIVE_MANIFEST_INVALID' },
  'as many members as pass': { make: filled('"a":0,', '{'), code: 'ARCHIVE_MANIFEST_INVALID' },
}

function filled(with_: string, before = '['): HostileCase['make'] {
  return archive => withManifestText(archive, before + with_.repeat((60 * MEBIBYTE) / with_.length))
}

const CASES = [
  ...named(
    COMPRESSIONS,
    ...['a gigabyte of nothing', 'a gigabyte of padding behind its end', 'a gigabyte in the place of a small file'],
    'headers without end',
  ),
  ...named(ENTRIES, 'twenty thousand global headers'),
  ...named(MANIFESTS, 'nested a million times', 'with five million values', 'of a hundred megabytes'),
  ...named(DATABASES, 'a view without end where the fence belongs', 'a column that is computed, in a table of its own'),
  ...Object.entries(FILLED).map(([name, each]) => [name, each, MOST_FOR_A_MANIFEST] as const),
]

it.each(CASES)(
  '%s takes little memory and no room on the disk',
  { timeout: 60_000 },
  async (_name, { make, code }, most) => {
    const cwd = temporaryDirectory()
    const site = newSite('site.axiom', cwd)
    site.close()
    writeFileSync(join(cwd, 'hostile.tar.gz'), await make(base))
    const env = { PATH: process.env['PATH'], HOME: cwd, MANTISSA_BENCH_MEMORY_FILE: join(cwd, 'memory') }
    const verb = ['import-user', 'hostile.tar.gz', '--site', 'site.axiom', '--json']
    const child = spawn(process.execPath, ['--import', reporter, bin, ...verb], { cwd, env, stdio: 'pipe' })
    const told: Buffer[] = []
    child.stdout.resume()
    child.stderr.on('data', (chunk: Buffer) => told.push(chunk))
    let largest = 0
    const watching = setInterval(() => {
      largest = Math.max(largest, bytesBelow(join(site.directory, 'temp')))
    }, 5)
    await once(child, 'close')
    clearInterval(watching)
    expect(JSON.parse(Buffer.concat(told).toString()).error.code).toBe(code)
    const peak = Number(readFileSync(join(cwd, 'memory'), 'utf8')) / 1024
    expect(peak).toBeLessThan(most)
    expect(largest).toBeLessThan(MOST_ON_DISK)
  },
)

function bytesBelow(directory: string): number {
  try {
    const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    return names.reduce((sum, name) => sum + (statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0), 0)
  } catch {
    // Something was removed while it was looked at.
    return 0
  }
}
