import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BaseArchive, makeBase } from './base-archive.js'
import { COMPRESSIONS, truncations } from './compressions.js'
import { DATABASES } from './databases.js'
import { ENTRIES } from './entries.js'
import { GuardedSite } from './guarded-site.js'
import type { HostileCases } from './hostile-case.js'
import { MANIFESTS } from './manifests.js'

const parent = realpathSync(mkdtempSync(join(tmpdir(), 'mantissa-hostile-')))
let base: BaseArchive

beforeAll(async () => {
  base = await makeBase(parent)
})

afterAll(() => rmSync(parent, { recursive: true, force: true }))

const KINDS: Readonly<Record<string, (base: BaseArchive) => HostileCases>> = {
  'an archive that was cut off': truncations,
  'a compression': () => COMPRESSIONS,
  'an entry': () => ENTRIES,
  'a manifest': () => MANIFESTS,
  'a database': () => DATABASES,
}

it('is tried in more than two hundred ways, and each fault has a code of its own', () => {
  const cases = Object.values(KINDS).flatMap(casesOf => Object.values(casesOf(base)))
  expect(cases.length).toBeGreaterThan(200)
  expect(new Set(cases.map(({ code }) => code)).size).toBeGreaterThan(15)
})

it.each(Object.entries(KINDS))(
  '%s from a stranger is refused by its code, and the site is as it was',
  async (_, casesOf) => {
    const outcomes: Record<string, string> = {}
    const cases = casesOf(base)
    let guarded = new GuardedSite(parent)
    for (const [name, { make }] of Object.entries(cases)) {
      const input = Readable.from([await make(base)])
      outcomes[name] = await guarded.outcomeOf({ kind: 'archive', input })
      if (!outcomes[name]?.startsWith('imported')) continue
      guarded[Symbol.dispose]()
      guarded = new GuardedSite(parent)
    }
    guarded[Symbol.dispose]()
    expect(outcomes).toEqual(Object.fromEntries(Object.entries(cases).map(([name, { code }]) => [name, code])))
  },
  120_000,
)
