import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { findAccountByAddress } from '../../../src/accounts/find-account.js'
import { installOffering } from '../../../src/offerings/install-offering.js'
import { findInstalledOffering } from '../../../src/offerings/installed-offerings.js'
import { loadOffering } from '../../../src/offerings/load-offering.js'
import { PublicWeb } from '../../../src/offerings/site-items/public-pages.js'
import { settleHook } from '../../../src/scheduling/parent-hook.js'
import { TimedEvent } from '../../../src/scheduling/timed-event.js'
import { Role, Share } from '../../../src/sharing/share-items.js'
import type { Site } from '../../../src/site/site.js'
import { Timestamp } from '../../../src/store-engine/attributes/timestamp.js'
import type { SubStore } from '../../../src/store-engine/sub-store.js'
import { checkSite } from '../../../src/upkeep/check/check-site.js'
import { rawRowsBelow } from '../../support/raw-rows.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { newSite } from '../two-sites.js'

export const NOTES = { localpart: 'notes', domain: null } as const
/** Microseconds. */
export const DUE = 4_102_444_800_000_000n

/** A site with the offering `notes`, whose application store has a share, an event and a file. */
export async function siteWithNotes(name = 'from.axiom'): Promise<Site> {
  const site = newSite(name)
  await installOffering(site, await loadOffering('notes'))
  const application = applicationOf(site)
  application?.use(store => {
    store.transact(() => {
      const sharedTo = store.create(Role, { externalID: 'readers' })
      store.create(Share, { shareID: 'here', sharedItem: sharedTo, sharedTo, sharedInterfaceNames: '*' })
      store.create(TimedEvent, { time: Timestamp.fromMicroseconds(DUE), runnable: null })
    })
    settleHook(store)
    const file = store.newFile('letters', 'one')
    file.write(Buffer.from('acknowledged'))
    file.close()
  })
  return site
}

export function applicationOf(site: Site, offering = 'notes'): SubStore | undefined {
  return findInstalledOffering(site.store, offering)?.application ?? undefined
}

/** What bare SQLite finds in the application store of a site. */
export function rowsOfNotes(site: Site) {
  return rawRowsBelow(String(applicationOf(site)?.storepath))
}

/** The site has the offering with its store, whole and writable, or nothing of it. */
export function expectNotes(site: Site, isHere: boolean): void {
  const application = applicationOf(site)
  expect(application !== undefined).toBe(isHere)
  expect(findAccountByAddress(site, NOTES) !== undefined).toBe(isHere)
  expect(
    site.store
      .query(PublicWeb)
      .toArray()
      .map(each => each.prefixURL),
  ).toEqual(isHere ? ['notes'] : [])
  if (application === undefined) return
  expect(readFileSync(join(application.storepath as string, 'files/letters/one'), 'utf8')).toBe('acknowledged')
  application.use(store => {
    store.transact(() => store.sql.exec('CREATE TABLE IF NOT EXISTS mantissa_probe (x)'))
    const share = store.findUnique(Share, Share.shareID.equals('here'))
    expect(share.sharedItem).toBe(store.findUnique(Role, Role.externalID.equals('readers')))
  })
}

/** No faults: the old stores that a site keeps, and the log of one that the test has open. */
const EXPECTED = ['MOVED_STORE_KEPT', 'LOG_NOT_EMPTIED']

/** What `check` finds in a site. */
export async function faultsOf({ directory }: Site): Promise<readonly string[]> {
  const faults: string[] = []
  for await (const { code, message } of checkSite(directory, { jobs: 0, now: Date.now(), full: true }))
    if (!EXPECTED.includes(code)) faults.push(`${code}: ${message}`)
  return faults
}

/** The manifest of an archive as anybody can read it. */
export function manifestIn(archive: string): Record<string, unknown> {
  return JSON.parse(execFileSync('tar', ['-xzOf', archive, 'manifest.json'], { encoding: 'utf8' }))
}

/** A package with an offering that consists of its name. */
export function makePackage(name: string): string {
  const directory = join(temporaryDirectory(), name)
  mkdirSync(directory, { mode: 0o700 })
  const mantissa = { offerings: './offerings.js', provides: [{ name }] }
  const code = `import { defineOffering } from 'mantissa'
    export const offerings = [defineOffering({ name: '${name}', description: '' })]`
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name, type: 'module', mantissa }), { mode: 0o600 })
  writeFileSync(join(directory, 'offerings.js'), code, { mode: 0o600 })
  return directory
}
