import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Site } from '../../../src/site/site.js'
import { FINDINGS, type FindingCode } from '../../../src/upkeep/check/finding.js'
import { repair } from '../../../src/upkeep/check/repair.js'
import { BREAKAGES } from './breakages.js'
import { ALICE, BOB, codesIn, findingsIn, rowsOf, smallSite } from './small-site.js'

const STORES = ['.', ALICE, BOB]

/** `store table` of every table, with its rows; the audit log grows with each repair. */
function allRows(directory: string): Map<string, readonly string[]> {
  const stores = STORES.map(store => [store, rowsOf(join(directory, store))] as const)
  const tables = stores.flatMap(([store, rows]) =>
    Object.entries(rows).map(([table, values]) => [`${store} ${table}`, values] as const),
  )
  return new Map(tables)
}

function changedTables(before: Map<string, readonly string[]>, after: Map<string, readonly string[]>): string[] {
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names].filter(name => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name)))
}

it('finds nothing in a sound site', async () => {
  expect(await findingsIn(smallSite().directory, { full: true })).toEqual([])
})

const cases = Object.entries(BREAKAGES).map(([code, breakage]) => ({ code: code as FindingCode, ...breakage }))

describe.each(cases)('$code', ({ code, breaks, store = ALICE }) => {
  it('is found where a site is broken in that way, and nothing else is', async () => {
    const site = smallSite()
    breaks(site)
    const found = await findingsIn(site.directory)
    expect(found.map(finding => `${finding.code} ${finding.store}`)).toEqual([`${code} ${store}`])
    expect(found[0]).toMatchObject({ severity: FINDINGS[code], message: expect.stringMatching(/^\S.*[^.\s]$/) })
  })
})

describe.each(cases.filter(({ repairs }) => repairs === undefined))('$code', ({ breaks }) => {
  it('has no repair', async () => {
    const site = smallSite()
    breaks(site)
    expect((await findingsIn(site.directory)).map(finding => finding.repair)).toEqual([undefined])
  })
})

describe.each(cases.filter(({ repairs }) => repairs !== undefined))('$code', ({ code, breaks, repairs = [] }) => {
  it('is repaired, nothing else is changed, and a second check finds nothing', async () => {
    const small = smallSite()
    breaks(small)
    const [finding] = await findingsIn(small.directory)
    if (finding === undefined) throw new Error('nothing was found')
    const before = allRows(small.directory)
    {
      using site = Site.open(small.directory)
      expect(repair(site, finding)).toMatchObject({ status: 'done', reason: null })
    }
    expect(await codesIn(small.directory)).toEqual([])
    const audited = ['. mantissa_audit', '. sqlite_sequence']
    const changed = changedTables(before, allRows(small.directory)).filter(name => !audited.includes(name))
    expect(changed.filter(name => !repairs.includes(name))).toEqual([])
    expect(rowsOf(small.directory)['mantissa_audit']?.join()).toContain(code)
  })

  it('is repaired once: repeated, the repair finds nothing left to do', async () => {
    const small = smallSite()
    breaks(small)
    const [finding] = await findingsIn(small.directory)
    if (finding === undefined) throw new Error('nothing was found')
    using site = Site.open(small.directory)
    repair(site, finding)
    const before = allRows(small.directory)
    expect(['gone', 'done']).toContain(repair(site, finding).status)
    expect(changedTables(before, allRows(small.directory)).filter(name => !name.startsWith('. '))).toEqual([])
  })
})
