import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listAudit } from '../../src/site/audit.js'
import { listDeeds } from '../../src/site/deeds.js'
import { readIdentity } from '../../src/site/identity.js'
import { findReservation } from '../../src/site/reservations.js'
import { readSetting, writeSetting } from '../../src/site/settings.js'
import { Site } from '../../src/site/site.js'
import { findTombstone, listTombstones } from '../../src/site/tombstones.js'
import { listTransfers } from '../../src/site/transfers-journal.js'
import { Store } from '../../src/store-engine/store.js'
import { cloneFixture } from '../support/fixtures.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { bareSite } from './bare-site.js'

const alice = { localpart: 'alice', domain: 'example.com' }

function tablesOf(directory: string): readonly string[] {
  using store = Store.open(directory, { readonly: true })
  return store.sql.pluck<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'mantissa_%'")
}

describe('opening a site', () => {
  it('for reading changes nothing on a site of the original, and reads absent tables as empty', () => {
    const directory = cloneFixture('divmod-site.axiom')
    using site = Site.open(directory, { readonly: true })
    expect(readIdentity(site)).toBeUndefined()
    expect(readSetting(site, 'anything', 7)).toBe(7)
    expect(findTombstone(site, alice)).toBeUndefined()
    expect(findReservation(site, alice)).toBeUndefined()
    for (const list of [listTombstones, listDeeds, listTransfers, listAudit]) expect([...list(site)]).toEqual([])
    site.close()
    expect(tablesOf(directory)).toEqual([])
  })

  it('for writing makes the plain tables and an identity, once', () => {
    const directory = cloneFixture('divmod-site.axiom')
    const ids = [1, 2].map(() => {
      using site = Site.open(directory)
      return readIdentity(site)
    })
    expect(ids[0]).toMatchObject({
      incarnation: 1,
      lastPath: directory,
      siteId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(ids[1]).toEqual(ids[0])
    expect(tablesOf(directory)).toHaveLength(11)
    using store = Store.open(directory, { readonly: true })
    expect(store.sql.all('PRAGMA journal_mode')).toEqual([{ journal_mode: 'delete' }])
  })

  it('creates nothing where there is no store', () => {
    const directory = join(temporaryDirectory(), 'typo.axiom')
    expect(() => Site.open(directory)).toThrow(expect.objectContaining({ code: 'NOT_A_STORE' }))
    expect(existsSync(directory)).toBe(false)
    mkdirSync(directory)
    expect(() => Site.open(directory)).toThrow(expect.objectContaining({ code: 'NOT_A_STORE' }))
    writeFileSync(join(directory, 'db.sqlite'), 'this is no database, whatever its name says'.repeat(40))
    expect(() => Site.open(directory)).toThrow(expect.objectContaining({ code: 'NOT_A_STORE' }))
    expect(readdirSync(directory)).toEqual(['db.sqlite'])
  })

  it('refuses the store of a user and leaves it as it is', () => {
    const directory = join(cloneFixture('divmod-site.axiom'), 'files/account/example.org/alice.axiom')
    expect(() => Site.open(directory)).toThrow(expect.objectContaining({ code: 'NOT_A_SITE' }))
    expect(tablesOf(directory)).toEqual([])
  })

  it('refuses the store of a user that pretends to be a site', () => {
    const directory = join(cloneFixture('divmod-site.axiom'), 'files/account/example.org/alice.axiom')
    using store = Store.open(directory)
    store.transact(() => store.sql.exec('CREATE TABLE mantissa_site AS SELECT 1 AS format'))
    expect(() => Site.open(directory)).toThrow(expect.objectContaining({ code: 'NOT_A_SITE' }))
  })

  it('refuses a site whose plain tables are newer', () => {
    const site = bareSite()
    site.store.transact(() => site.store.sql.run('UPDATE mantissa_site SET format = 99'))
    site.close()
    expect(() => Site.open(site.directory)).toThrow(expect.objectContaining({ code: 'SITE_TOO_NEW' }))
  })
})

describe('settings', () => {
  it('keep what they are given until it is null', () => {
    const site = bareSite()
    writeSetting(site, 'public-url', 'https://example.com')
    expect(readSetting<string | null>(site, 'public-url', null)).toBe('https://example.com')
    writeSetting(site, 'public-url', null)
    expect(readSetting<string | null>(site, 'public-url', null)).toBeNull()
  })
})
