import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAccount } from '../../../src/accounts/create-account.js'
import { installLoginSystem } from '../../../src/accounts/login-system.js'
import { createSiteStore, Site } from '../../../src/site/site.js'
import { Store } from '../../../src/store-engine/store.js'
import { exportUser } from '../../../src/transfer/leaving/export-user.js'
import { cloneFixture } from '../../support/fixtures.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { directoryOfUser, dump, storeOfUser } from '../two-sites.js'
import { MALLORY } from './base-archive.js'
import { GuardedSite } from './guarded-site.js'

const parent = realpathSync(mkdtempSync(join(tmpdir(), 'mantissa-directories-')))
const handedIn = join(parent, 'out', 'mallory@example.com.axiom')

beforeAll(async () => {
  const site = createSiteStore(join(parent, 'origin.axiom'))
  installLoginSystem(site.store)
  createAccount(site, { address: MALLORY, passwordHash: null })
  writeFileSync(join(directoryOfUser(site, 'mallory@example.com'), 'files', 'a.txt'), 'hello')
  mkdirSync(join(parent, 'out'))
  await exportUser(site, MALLORY, { to: { kind: 'directory', directory: join(parent, 'out') } })
  site.close()
})

afterAll(() => rmSync(parent, { recursive: true, force: true }))

/** A copy of the extracted directory, to be spoilt. */
function spoilt(spoil: (directory: string) => void): string {
  const directory = join(temporaryDirectory(), 'mallory@example.com.axiom')
  cpSync(handedIn, directory, { recursive: true })
  spoil(directory)
  return directory
}

async function outcomeOf(directory: string): Promise<string> {
  using guarded = new GuardedSite(parent)
  return await guarded.outcomeOf({ kind: 'directory', directory })
}

const replacing = (name: string, make: (path: string) => void) => (directory: string) => {
  rmSync(join(directory, name), { recursive: true, force: true })
  make(join(directory, name))
}
const pipe = (path: string) => void execFileSync('mkfifo', [path])
const link = (path: string) => symlinkSync('/etc/passwd', path)
const directory = (path: string) => void mkdirSync(path)
const empty = (path: string) => writeFileSync(path, '')
const noise = (path: string) => writeFileSync(path, 'noise '.repeat(2000))

it.each([
  ['a link among its files', 'files/link', link, 'FILE_NOT_MOVABLE'],
  ['a pipe among its files', 'files/pipe', pipe, 'FILE_NOT_MOVABLE'],
  [
    'a link to a directory among its files',
    'files/link',
    (path: string) => symlinkSync('/etc', path),
    'FILE_NOT_MOVABLE',
  ],
  [
    'a link to nowhere among its files',
    'files/link',
    (path: string) => symlinkSync('/nowhere', path),
    'FILE_NOT_MOVABLE',
  ],
  ['a file that is a pipe now', 'files/a.txt', pipe, 'FILE_NOT_MOVABLE'],
  ['a database that is a link', 'db.sqlite', link, 'FILE_NOT_MOVABLE'],
  ['a database that is a pipe', 'db.sqlite', pipe, 'FILE_NOT_MOVABLE'],
  ['a log that is a pipe', 'db.sqlite-wal', pipe, 'FILE_NOT_MOVABLE'],
  ['a journal that is a link', 'db.sqlite-journal', link, 'FILE_NOT_MOVABLE'],
  ['a journal that is a pipe', 'db.sqlite-journal', pipe, 'FILE_NOT_MOVABLE'],
  ['shared memory that is a link', 'db.sqlite-shm', link, 'FILE_NOT_MOVABLE'],
  ['a database that is a directory', 'db.sqlite', directory, 'FILE_NOT_MOVABLE'],
  ['files that are one file', 'files', empty, 'FILE_NOT_MOVABLE'],
  ['an empty database', 'db.sqlite', empty, 'NOT_A_STORE'],
  ['a database of noise', 'db.sqlite', noise, 'NOT_A_STORE'],
  ['no database', 'db.sqlite', () => {}, 'NOT_A_STORE'],
  ['a log of noise, which is none', 'db.sqlite-wal', noise, 'imported'],
  ['no files', 'files', () => {}, 'imported'],
  ['neither run nor temp', 'run', () => {}, 'imported'],
] as const)('a directory with %s', { timeout: 20_000 }, async (_, name, make, code) => {
  expect(await outcomeOf(spoilt(replacing(name, make)))).toBe(code)
})

it('a socket among its files', async () => {
  const spoiltOne = spoilt(() => {})
  const server = createServer()
  await new Promise<void>(resolve => server.listen(join(spoiltOne, 'files', 's'), resolve))
  expect(await outcomeOf(spoiltOne)).toBe('FILE_NOT_MOVABLE')
  await new Promise(resolve => server.close(resolve))
})

it.runIf(process.getuid?.() === 0)('a device among its files', async () => {
  const device = (path: string) => void execFileSync('mknod', [path, 'c', '1', '3'])
  expect(await outcomeOf(spoilt(replacing('files/null', device)))).toBe('FILE_NOT_MOVABLE')
})

it('what lies beside the database and files does not come along', async () => {
  using guarded = new GuardedSite(parent)
  const from = spoilt(at => {
    writeFileSync(join(at, 'evil'), 'x')
    writeFileSync(join(at, 'run', 'mantissa.pid'), '1')
    symlinkSync('/etc', join(at, 'temp', 'link'))
  })
  expect(await guarded.outcomeOf({ kind: 'directory', directory: from })).toBe('imported')
  const arrived = directoryOfUser(guarded.site, 'mallory@example.com')
  expect(readdirSync(arrived, { recursive: true }).sort()).toEqual(['db.sqlite', 'files', 'files/a.txt', 'run', 'temp'])
})

it('what was written and lies in the log comes along, and the log stays as it was', async () => {
  using guarded = new GuardedSite(parent)
  const from = spoilt(at => {
    const writer = new Database(join(at, 'db.sqlite'))
    writer.pragma('wal_autocheckpoint = 0')
    writer.exec('CREATE TABLE mantissa_note AS SELECT 1 AS written')
    cpSync(at, `${at}.copy`, { recursive: true })
    writer.close()
    rmSync(at, { recursive: true })
    cpSync(`${at}.copy`, at, { recursive: true })
  })
  expect(existsSync(join(from, 'db.sqlite-wal'))).toBe(true)
  expect(await guarded.outcomeOf({ kind: 'directory', directory: from })).toBe('imported')
  expect(storeOfUser(guarded.site, 'mallory@example.com').sql.value('SELECT written FROM mantissa_note')).toBe(1)
})

it('a transaction that somebody died in is undone, and nothing of it comes along', async () => {
  using guarded = new GuardedSite(parent)
  const from = spoilt(at => {
    const script = `
      const database = new (require('better-sqlite3'))(process.argv[1])
      database.pragma('journal_mode = DELETE')
      database.pragma('cache_size = 1')
      database.exec('CREATE TABLE mantissa_note (a); BEGIN')
      for (let i = 0; i < 300; i++) database.prepare('INSERT INTO mantissa_note VALUES (zeroblob(4000))').run()
      process.kill(process.pid, 'SIGKILL')`
    try {
      execFileSync(process.execPath, ['-e', script, join(at, 'db.sqlite')], { cwd: process.cwd(), stdio: 'ignore' })
    } catch {
      // It was killed, as it should be.
    }
  })
  expect(existsSync(join(from, 'db.sqlite-journal'))).toBe(true)
  expect(await guarded.outcomeOf({ kind: 'directory', directory: from })).toBe('imported')
  expect(storeOfUser(guarded.site, 'mallory@example.com').sql.value('SELECT count(*) FROM mantissa_note')).toBe(0)
})

it('a site, though it has one account only', async () => {
  const site = createSiteStore(join(temporaryDirectory(), 'whole.axiom'))
  installLoginSystem(site.store)
  createAccount(site, { address: MALLORY, passwordHash: null })
  site.close()
  expect(await outcomeOf(site.directory)).toBe('STORE_IS_A_SITE')
  expect(await outcomeOf(cloneFixture('divmod-site.axiom'))).toBe('STORE_IS_A_SITE')
})

it('the store of an application whose code the site has not got, and that of mantissa-base', async () => {
  const site = Site.open(cloneFixture('divmod-site.axiom'))
  site.close()
  const applications = join(site.directory, 'files', 'app')
  for (const name of readdirSync(applications))
    expect(await outcomeOf(join(applications, name))).toBe(
      name === 'mantissa-base.axiom' ? 'APP_STORE_NOT_MOVABLE' : 'APP_STORE_NEEDS_CODE',
    )
})

it('a store of nobody, and a directory of something else', async () => {
  const empty = join(temporaryDirectory(), 'empty.axiom')
  Store.create(empty).close()
  expect(await outcomeOf(empty)).toBe('NO_ACCOUNT_IN_STORE')
  expect(await outcomeOf(temporaryDirectory())).toBe('NOT_A_STORE')
})

it('a user who lies in their own site, or in the quarantine of one', async () => {
  const site = createSiteStore(join(temporaryDirectory(), 'site.axiom'))
  installLoginSystem(site.store)
  createAccount(site, { address: MALLORY, passwordHash: null })
  const before = dump(storeOfUser(site, 'mallory@example.com'))
  const own = directoryOfUser(site, 'mallory@example.com')
  const { quarantine } = await exportUser(site, MALLORY, {
    to: { kind: 'archive', file: join(temporaryDirectory(), 'm.tar.gz') },
    remove: true,
  })
  site.close()
  expect(existsSync(own)).toBe(false)
  expect(await outcomeOf(quarantine as string)).toBe('STORE_CHANGING_HANDS')
  expect(Object.keys(before)).not.toEqual([])
})
