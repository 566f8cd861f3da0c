import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ARCHIVE_FAULTS } from '../../../src/transfer/archive-faults.js'
import { dump, storeOfUser } from '../two-sites.js'
import { type BaseArchive, makeBase } from './base-archive.js'
import { GuardedSite } from './guarded-site.js'

const parent = realpathSync(mkdtempSync(join(tmpdir(), 'mantissa-flipped-')))
let base: BaseArchive
let guarded: GuardedSite
let whole: ReturnType<typeof dump>

beforeAll(async () => {
  base = await makeBase(parent)
  guarded = new GuardedSite(parent)
})

afterAll(() => {
  guarded[Symbol.dispose]()
  rmSync(parent, { recursive: true, force: true })
})

const REFUSALS = new Set([
  ...[...Object.keys(ARCHIVE_FAULTS), 'VERIFICATION_FAILED', 'FOREIGN_SCHEMA', 'STORE_DAMAGED', 'NOT_A_STORE'],
  ...['NO_SPACE', 'INVALID_ADDRESS', 'ADDRESS_TAKEN'],
])

/** Refused by a code, and nothing is there; or imported, and everything is. */
async function judge(bytes: Buffer): Promise<void> {
  const outcome = await guarded.outcomeOf({ kind: 'archive', input: Readable.from([bytes]) })
  if (outcome !== 'imported') {
    expect([...REFUSALS]).toContain(outcome)
    return
  }
  expect(dump(storeOfUser(guarded.site, 'mallory@example.com'))).toEqual(whole)
  guarded[Symbol.dispose]()
  guarded = new GuardedSite(parent)
}

/** The seed of a failure is printed, and FC_SEED=<number> runs the same once more. */
const RUNS = { numRuns: 60, ...(process.env['FC_SEED'] === undefined ? {} : { seed: Number(process.env['FC_SEED']) }) }

it('an archive that nobody has changed arrives whole', async () => {
  expect(await guarded.outcomeOf({ kind: 'archive', input: Readable.from([base.bytes]) })).toBe('imported')
  whole = dump(storeOfUser(guarded.site, 'mallory@example.com'))
  guarded[Symbol.dispose]()
  guarded = new GuardedSite(parent)
})

const flips = fc.array(fc.record({ at: fc.nat(), bit: fc.nat({ max: 7 }) }), { minLength: 1, maxLength: 3 })

function flipped(bytes: Buffer, changes: readonly { readonly at: number; readonly bit: number }[]): Buffer {
  const copy = Buffer.from(bytes)
  for (const { at, bit } of changes) copy[at % copy.length] = (copy[at % copy.length] as number) ^ (1 << bit)
  return copy
}

it('with any bits flipped on the way it is refused, or what was flipped means nothing', async () => {
  await fc.assert(
    fc.asyncProperty(flips, changes => judge(flipped(base.bytes, changes))),
    RUNS,
  )
}, 60_000)

it('with any bits flipped in the tar, and its sums made right by somebody who knows how', async () => {
  await fc.assert(
    fc.asyncProperty(flips, changes => judge(gzipSync(flipped(base.tar, changes), { level: 1 }))),
    RUNS,
  )
}, 60_000)

it('with any part of it missing, doubled, or in the place of another', async () => {
  const pieces = fc.array(fc.record({ from: fc.nat(), length: fc.nat({ max: 4096 }) }), { minLength: 1, maxLength: 4 })
  const shuffled = (parts: readonly { readonly from: number; readonly length: number }[]) => {
    const cut = parts.map(({ from, length }) =>
      base.tar.subarray(from % base.tar.length, (from % base.tar.length) + length),
    )
    const [at = 0] = parts.map(({ from }) => from % base.tar.length)
    return gzipSync(Buffer.concat([base.tar.subarray(0, at), ...cut, base.tar.subarray(at)]), { level: 1 })
  }
  await fc.assert(
    fc.asyncProperty(pieces, parts => judge(shuffled(parts))),
    { ...RUNS, numRuns: 40 },
  )
}, 60_000)
