import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { Site } from '../../../src/site/site.js'
import { repair } from '../../../src/upkeep/check/repair.js'
import { archives, unpack } from '../../store-engine/historic-archives.js'
import { cloneFixture } from '../../support/fixtures.js'
import { hasHistoricFixtures, withoutHistoric } from '../../support/historic-fixtures.js'
import { BREAKAGES } from './breakages.js'
import { ALICE, bareSql, codesIn, findingsIn, holdBare, smallSite, withEngine } from './small-site.js'

/** Name, mode, time of the last change and content of everything below a directory. */
function traceOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .sort()
    .map(name => {
      const { mode, mtimeMs } = statSync(join(directory, name))
      const isFile = statSync(join(directory, name)).isFile()
      const content = isFile ? readFileSync(join(directory, name)).toString('base64') : ''
      return `${name} ${mode} ${isFile ? mtimeMs : ''} ${content}`
    })
}

describe('a check', () => {
  it('leaves every file as it was, and none behind', async () => {
    const { directory } = smallSite()
    const before = traceOf(directory)
    await findingsIn(directory, { full: true })
    expect(traceOf(directory)).toEqual(before)
  })

  it.skipIf(!existsSync('/proc/self/fd'))('leaves no file open', async () => {
    const { directory, alice } = smallSite()
    bareSql(alice, 'CREATE VIEW spy AS SELECT 1')
    const open = () => readdirSync('/proc/self/fd').length
    await findingsIn(directory)
    const before = open()
    for (let round = 0; round < 5; round += 1) await findingsIn(directory)
    expect(open()).toBe(before)
  })

  it('leaves a log as it was that somebody has left behind', async () => {
    const site = smallSite()
    BREAKAGES.LOG_NOT_EMPTIED.breaks(site)
    const log = join(site.alice, 'db.sqlite-wal')
    const before = readFileSync(log)
    await findingsIn(site.directory)
    expect(readFileSync(log).equals(before)).toBe(true)
  })

  it('looks at a store of the past that was cut off in a transaction, and does not roll it back', async () => {
    const { directory, alice } = smallSite()
    const database = new Database(join(alice, 'db.sqlite'))
    database.pragma('journal_mode = delete')
    database.pragma('cache_size = 1')
    database.exec('BEGIN; CREATE TABLE filler (x); INSERT INTO filler VALUES (randomblob(100000))')
    cpSync(alice, `${alice}-cut`, { recursive: true })
    database.exec('ROLLBACK')
    database.close()
    rmSync(alice, { recursive: true })
    cpSync(`${alice}-cut`, alice, { recursive: true })
    rmSync(`${alice}-cut`, { recursive: true })
    const before = readFileSync(join(alice, 'db.sqlite'))
    const [finding, ...others] = await findingsIn(directory)
    expect([finding?.code, ...others]).toEqual(['LOG_NOT_EMPTIED'])
    expect(readFileSync(join(alice, 'db.sqlite')).equals(before)).toBe(true)
    {
      using site = Site.open(directory)
      expect(repair(site, finding as NonNullable<typeof finding>).status).toBe('done')
    }
    expect(await codesIn(directory)).toEqual([])
  })

  it('sees nothing wrong with stores that somebody is writing', async () => {
    const { directory, alice } = smallSite()
    const writer = holdBare(alice)
    writer.exec('BEGIN IMMEDIATE; UPDATE item_login_v3 SET disabled = 1')
    expect((await codesIn(directory)).filter(code => code !== 'LOG_NOT_EMPTIED')).toEqual([])
  })

  it('tells the same findings in the same order each time', async () => {
    const site = smallSite()
    bareSql(site.bob, 'DROP INDEX axiom_objects_type_idx')
    bareSql(site.alice, 'CREATE VIEW spy AS SELECT 1', 'UPDATE item_login_v3 SET disabled = 1')
    const first = await findingsIn(site.directory)
    expect(first.map(({ code }) => code)).toEqual(['FOREIGN_SCHEMA', 'ACCOUNT_COPY_DIFFERS', 'BASE_INDEX_MISSING'])
    expect(await findingsIn(site.directory)).toEqual(first)
  })

  it('names the account and the store of each finding, and never a password', async () => {
    const { directory, alice } = smallSite()
    bareSql(alice, `UPDATE item_login_v3 SET passwordHash = 'a secret hash'`)
    const found = await findingsIn(directory)
    expect(found).toMatchObject([{ store: ALICE, address: 'alice@example.com' }])
    expect(JSON.stringify(found)).not.toContain('secret')
  })

  it('with --full looks below files too', async () => {
    const { directory, alice } = smallSite()
    writeFileSync(join(alice, 'files/letter'), 'x', { mode: 0o644 })
    symlinkSync('/etc', join(alice, 'files/away'))
    expect(await codesIn(directory)).toEqual([])
    expect((await findingsIn(directory, { full: true })).map(({ code }) => code)).toEqual([
      'LINK_LEADS_OUT',
      'MODE_TOO_OPEN',
    ])
  })
})

describe('a site whose own database is damaged', () => {
  it('has its stores checked all the same', async () => {
    const { directory, alice } = smallSite()
    bareSql(alice, 'DROP INDEX axiom_objects_type_idx')
    writeFileSync(join(directory, 'db.sqlite'), 'this is no database, and long enough to be one '.repeat(100))
    expect((await findingsIn(directory)).map(({ code, store }) => `${code} ${store}`)).toEqual([
      'NOT_A_STORE .',
      `BASE_INDEX_MISSING ${ALICE}`,
    ])
  })

  it('is told cut off', async () => {
    const { directory } = smallSite()
    const database = readFileSync(join(directory, 'db.sqlite'))
    writeFileSync(join(directory, 'db.sqlite'), database.subarray(0, database.length / 2 - 100))
    expect((await codesIn(directory))[0]).toBe('STORE_DAMAGED')
  })
})

describe('a repair', () => {
  it('passes over a store that is sealed for a move, and says so', async () => {
    const site = smallSite()
    BREAKAGES.FENCE_UNEXPLAINED.breaks(site)
    bareSql(site.alice, 'DROP INDEX axiom_objects_type_idx')
    const finding = (await findingsIn(site.directory)).find(({ code }) => code === 'BASE_INDEX_MISSING')
    if (finding === undefined) throw new Error('nothing was found')
    using open = Site.open(site.directory)
    expect(repair(open, finding)).toMatchObject({ status: 'skipped', reason: expect.stringContaining('sealed') })
  })

  it('does nothing where somebody else was quicker', async () => {
    const { directory, alice } = smallSite()
    bareSql(alice, 'INSERT INTO axiom_objects (type_id) VALUES (1)')
    const [finding] = await findingsIn(directory)
    bareSql(alice, 'UPDATE axiom_objects SET type_id = -1 WHERE oid = (SELECT max(oid) FROM axiom_objects)')
    using site = Site.open(directory)
    expect(repair(site, finding as NonNullable<typeof finding>).status).toBe('gone')
  })

  it('gives no identity of its own to a copy with unfinished transfers', async () => {
    const site = smallSite()
    BREAKAGES.SITE_IS_COPY.breaks(site)
    BREAKAGES.TRANSFER_UNFINISHED.breaks(site)
    const found = await findingsIn(site.directory)
    expect(found.map(({ code, repair: plan }) => [code, plan])).toEqual([
      ['SITE_IS_COPY', undefined],
      ['TRANSFER_UNFINISHED', undefined],
    ])
    using open = Site.open(site.directory)
    expect(repair(open, found[0] as NonNullable<(typeof found)[0]>).status).toBe('gone')
  })

  it('does not remove the temporary directory of a deed under way', async () => {
    const { directory } = smallSite()
    using site = Site.open(directory)
    const { beginDeed } = await import('../../../src/site/deeds.js')
    const deed = beginDeed(site, 'create-accounts', { directories: [] })
    cpSync(join(directory, 'run'), join(directory, 'temp', `creating-${deed.id}`), { recursive: true })
    chmodSync(join(directory, 'temp', `creating-${deed.id}`), 0o700)
    expect((await codesIn(directory)).filter(code => code !== 'LOG_NOT_EMPTIED')).toEqual([])
  })
})

describe('a store from a stranger', () => {
  it('cannot lead out of the site, nor stop the check, by its path', async () => {
    const { directory } = smallSite()
    const paths = ['../../other.axiom', 'x'.repeat(300)]
    for (const [index, path] of paths.entries())
      bareSql(
        directory,
        `UPDATE item_substore_v1 SET storepath = '${path}' WHERE storepath LIKE '%${['alice', 'bob'][index]}%'`,
      )
    mkdirSync(join(directory, '..', 'other.axiom'))
    const found = await findingsIn(directory)
    expect(found.map(({ code }) => code)).toEqual([
      ...['LINK_LEADS_OUT', 'STORE_UNREADABLE', 'STORE_ORPHANED', 'STORE_ORPHANED'],
    ])
  })

  it('is told everything of, however many types it has', async () => {
    const { directory, alice } = smallSite()
    const types = Array.from({ length: 1200 }, (_, index) => `strange${index}`)
    bareSql(
      alice,
      ...types.flatMap(name => [
        `CREATE TABLE item_${name}_v1 (oid INTEGER PRIMARY KEY)`,
        `INSERT INTO axiom_types (typename, module, version) VALUES ('${name}', 'axiom.item', 1)`,
      ]),
      'INSERT INTO item_strange1100_v1 (oid) VALUES (77)',
    )
    expect(await codesIn(directory)).toEqual(['ITEM_WITHOUT_OBJECT'])
  })

  it('cannot name what is quoted badly', async () => {
    const { directory, alice } = smallSite()
    withEngine(alice, () => {})
    bareSql(
      alice,
      `CREATE TABLE "item_a""] DROP_v1" (oid INTEGER PRIMARY KEY, "x""]" TEXT)`,
      `INSERT INTO axiom_types (typename, module, version) VALUES ('a"] DROP', 'os', 1)`,
      `INSERT INTO axiom_attributes (type_id, row_offset, indexed, sqltype, attribute)
        VALUES (last_insert_rowid(), 0, 1, 'TEXT', 'x"]')`,
    )
    expect(await codesIn(directory)).toEqual([])
  })
})

describe('stores of the original', () => {
  /** The archive has them so; a check is right to complain. */
  const EXPECTED = new Set(['KEY_EXPOSED'])

  it.each(['divmod-site.axiom', 'divmod-site-after-extract.axiom'] as const)('%s has no error', async name => {
    const found = await findingsIn(cloneFixture(name), { full: true })
    const errors = found.filter(({ severity, code }) => severity === 'error' && !EXPECTED.has(code))
    expect(errors).toEqual([])
    expect([...new Set(found.map(({ code }) => code))].sort()).toEqual(WARNINGS[name])
  })

  const WARNINGS = {
    'divmod-site.axiom': ['KEY_EXPOSED', 'MODE_TOO_OPEN'],
    'divmod-site-after-extract.axiom': ['KEY_EXPOSED', 'MODE_TOO_OPEN', 'OBJECT_WITHOUT_ITEM'],
  }

  it('has no error in any user who was extracted', async () => {
    const users = cloneFixture('extracted-users')
    for (const user of readdirSync(users)) {
      const found = await findingsIn(join(users, user))
      expect(found.filter(({ severity }) => severity === 'error')).toEqual([])
    }
  })

  it.skipIf(!hasHistoricFixtures)(`has no error in those of 2005 to 2010${withoutHistoric}`, async () => {
    const told = new Set<string>()
    for (const archive of archives) {
      const [store] = unpack(archive).sort((one, other) => one.length - other.length)
      const found = await findingsIn(store as string)
      for (const { code } of found) told.add(code)
      expect({ archive, errors: found.filter(({ severity }) => severity === 'error') }).toEqual({ archive, errors: [] })
    }
    expect([...told].sort()).toEqual([...['MODE_TOO_OPEN', 'OLD_FORMAT', 'OLD_VERSIONS', 'STORE_UNUSED']])
  })
})
