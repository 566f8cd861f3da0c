import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { getAccountByAddress } from '../../../src/accounts/find-account.js'
import { parseExistingAddress } from '../../../src/base/address.js'
import { createSiteStore, Site } from '../../../src/site/site.js'
import { Store } from '../../../src/store-engine/store.js'
import { importUser } from '../../../src/transfer/arriving/import-user.js'
import { exportUser } from '../../../src/transfer/leaving/export-user.js'
import { cloneFixture } from '../../support/fixtures.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { addUser, directoryOfUser, dump, keep, newSite, storeOfUser } from '../two-sites.js'

const USERS = ['alice@example.org', 'carol@example.net', 'dave@example.org'] as const
const divmodSite = () => keep(Site.open(cloneFixture('divmod-site.axiom')))

function extract(site: Site, name: string, directory = temporaryDirectory()) {
  const to = { kind: 'directory', directory } as const
  return exportUser(site, parseExistingAddress(name), { to, remove: true })
}

/** What lies below a directory, files with their size; that of the database differs by the fence. */
function shapeOf(root: string): readonly string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()
  return names.map(name => {
    const facts = statSync(join(root, name))
    if (facts.isDirectory()) return `${name}/`
    return name === 'db.sqlite' ? name : `${name} ${facts.size}`
  })
}

/**
 * Rows by table. The original writes account and methods of the site anew, under new numbers, and leaves the old
 * numbers behind; here they are merged. So of those only what they say is compared. And the original makes tables
 * for whatever it is asked for.
 */
function contentOf(directory: string) {
  using store = Store.open(directory, { readonly: true, tolerateNewer: true })
  const logins = ['login', 'login_method'].flatMap(type =>
    store
      .typesOnDisk()
      .filter(({ typeName }) => typeName === type)
      .map(({ table }) => table),
  )
  const methods = store.sql.all('SELECT localpart, domain, protocol, internal, verified FROM item_login_method_v2')
  const accounts = store.sql.all('SELECT password, passwordHash, disabled FROM item_login_v3')
  const said = [...methods, ...accounts].map(row =>
    JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? Number(value) : value)),
  )
  const rows = dump(store, ['axiom_objects', 'sqlite_sequence', ...logins])
  const { axiom_types: types = [], axiom_attributes: attributes = [], ...items } = rows
  const filled = Object.fromEntries(Object.entries(items).filter(([, own]) => own.length > 0))
  return { filled, said: said.sort(), described: [...types, ...attributes] }
}

describe.each(USERS)('the extracted form of %s', name => {
  it('has the entries and the rows that the original makes', async () => {
    const made = (await extract(divmodSite(), name)).path as string
    const originals = join(cloneFixture('extracted-users'), `${name}.axiom`)
    expect(shapeOf(made)).toEqual(shapeOf(originals))
    execFileSync('diff', ['-r', join(made, 'files'), join(originals, 'files')])
    const [ours, theirs] = [contentOf(made), contentOf(originals)]
    expect(ours.filled).toEqual(theirs.filled)
    expect(ours.said).toEqual(theirs.said)
    expect(theirs.described).toEqual(expect.arrayContaining(ours.described))
  })

  it('is one file for SQLite of any age, in the journal mode that the store had', async () => {
    const site = divmodSite()
    const header = (directory: string) => readFileSync(join(directory, 'db.sqlite')).subarray(0, 100)
    const before = header(directoryOfUser(site, name))
    const made = (await extract(site, name)).path as string
    expect(readdirSync(made).sort()).toEqual(['db.sqlite', 'files', 'run', 'temp'])
    const after = header(made)
    for (const [what, from, to] of [
      ['page size, journal mode', 16, 20],
      ['schema format, encoding', 44, 60],
    ] as const)
      expect(after.subarray(from, to).equals(before.subarray(from, to)), what).toBe(true)
    const database = new Database(join(made, 'db.sqlite'))
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    const foreign = "SELECT name FROM sqlite_master WHERE name LIKE 'mantissa%'"
    expect(database.prepare(foreign).pluck().all()).toEqual(['mantissa_fence'])
    database.close()
  })

  it('comes back as it was', async () => {
    const site = divmodSite()
    const before = dump(storeOfUser(site, name))
    const { path } = await extract(site, name)
    await importUser(site, { kind: 'directory', directory: path as string })
    expect(dump(storeOfUser(site, name))).toEqual(before)
  })
})

it('is the owner’s alone to read and write', async () => {
  const made = (await extract(divmodSite(), 'dave@example.org')).path as string
  for (const entry of ['', ...readdirSync(made, { recursive: true, encoding: 'utf8' })]) {
    const facts = statSync(join(made, entry))
    expect(facts.mode & 0o777, entry).toBe(facts.isDirectory() ? 0o700 : 0o600)
  }
})

it('of a store with a log is one file as well', async () => {
  const site = newSite()
  addUser(site, 'alice@example.com')
  const store = storeOfUser(site, 'alice@example.com')
  store.transact(() => store.sql.exec('CREATE TABLE mantissa_note AS SELECT 1 AS written'))
  const made = (await extract(site, 'alice@example.com')).path as string
  expect(readdirSync(made).sort()).toEqual(['db.sqlite', 'files', 'run', 'temp'])
  const database = new Database(join(made, 'db.sqlite'))
  expect(database.prepare('SELECT written FROM mantissa_note').pluck().get()).toBe(1)
  database.close()
})

describe('extracting that fails changes nothing, not even the login rows in the store (3.8)', () => {
  it.each([
    [
      'a destination that is taken',
      'PATH_TAKEN',
      (place: string) => void mkdirSync(join(place, 'alice@example.org.axiom')),
    ],
    ['a destination that is not there', 'NOT_FOUND', () => {}],
  ] as const)('%s', async (_, code, prepare) => {
    const site = divmodSite()
    const alice = parseExistingAddress('alice@example.org')
    getAccountByAddress(site, alice).passwordHash = 'changed in the site only'
    const before = readFileSync(join(directoryOfUser(site, 'alice@example.org'), 'db.sqlite'))
    const place = temporaryDirectory()
    prepare(place)
    const to = { kind: 'directory', directory: code === 'NOT_FOUND' ? join(place, 'missing') : place } as const
    await expect(exportUser(site, alice, { to, remove: true })).rejects.toMatchObject({ code })
    expect(readFileSync(join(directoryOfUser(site, 'alice@example.org'), 'db.sqlite')).equals(before)).toBe(true)
    expect(getAccountByAddress(site, alice).passwordHash).toBe('changed in the site only')
    expect(readdirSync(join(site.directory, 'temp'))).toEqual([])
  })
})

describe('inserting (3.8)', () => {
  it('brings a disabled account, and it stays disabled', async () => {
    const site = divmodSite()
    const { path } = await extract(site, 'bob@example.org')
    expect(await importUser(site, { kind: 'directory', directory: path as string })).toMatchObject({ disabled: true })
  })

  it('needs a site with a login system', async () => {
    const { path } = await extract(divmodSite(), 'dave@example.org')
    const bare = createSiteStore(join(temporaryDirectory(), 'bare.axiom'))
    onTestFinished(() => bare.close())
    await expect(importUser(bare, { kind: 'directory', directory: path as string })).rejects.toMatchObject({
      code: 'NO_LOGIN_SYSTEM',
    })
    expect(readdirSync(join(bare.directory, 'temp'))).toEqual([])
  })

  it('refuses where any name is taken, and not only where all are', async () => {
    const site = divmodSite()
    const { path } = await extract(site, 'carol@example.net')
    addUser(site, 'carol@example.org')
    await expect(importUser(site, { kind: 'directory', directory: path as string })).rejects.toMatchObject({
      code: 'ADDRESS_TAKEN',
    })
  })

  it('takes another directory where its own is taken by somebody', async () => {
    const site = divmodSite()
    const { path } = await extract(site, 'dave@example.org')
    mkdirSync(join(site.directory, 'files/account/example.org/dave.axiom'))
    await importUser(site, { kind: 'directory', directory: path as string })
    expect(directoryOfUser(site, 'dave@example.org')).toMatch(/dave~2\.axiom$/)
  })

  it('leaves the extracted directory where it is, and takes nobody in twice', async () => {
    const site = divmodSite()
    const directory = (await extract(site, 'dave@example.org')).path as string
    await importUser(site, { kind: 'directory', directory })
    await expect(importUser(site, { kind: 'directory', directory })).rejects.toMatchObject({ code: 'STORE_IS_HERE' })
    expect(existsSync(join(directory, 'db.sqlite'))).toBe(true)
    await extract(site, 'dave@example.org')
  })

  it('makes nothing of a path that is not there', async () => {
    const directory = join(temporaryDirectory(), 'nobody.axiom')
    await expect(importUser(divmodSite(), { kind: 'directory', directory })).rejects.toMatchObject({
      code: 'NOT_A_STORE',
    })
    expect(existsSync(directory)).toBe(false)
  })
})
