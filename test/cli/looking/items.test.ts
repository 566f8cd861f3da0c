import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { integer, text } from '../../../src/store-engine/attributes/attributes.js'
import { item } from '../../../src/store-engine/items/item.js'
import { Store } from '../../../src/store-engine/store.js'
import { readTruth } from '../../support/fixtures.js'
import { mantissa } from '../../support/mantissa.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { ASite } from './a-site.js'

const bin = join(import.meta.dirname, '../../../bin/mantissa.js')

interface Listed {
  readonly type: string
  readonly version: number
  readonly rows: number
  readonly known: boolean
}

describe('items', { timeout: 60_000 }, () => {
  it('counts every version of every type, in whichever store is meant', async () => {
    const site = new ASite()
    const truth = readTruth()
    const stores: [string, readonly string[]][] = [
      ['.', []],
      ['files/account/example.net/carol.axiom', ['--user', 'CAROL@example.net']],
      ['files/app/People.axiom', ['--app', 'People']],
      ['files/account/example.org/zoë.axiom', ['--store', 'account/example.org/zoë.axiom']],
    ]
    for (const [path, choice] of stores) {
      const listed = await site.json<Listed[]>('items', '--site', site.directory, ...choice)
      const counts = Object.fromEntries(listed.map(({ type, version, rows }) => [`${type} v${version}`, rows]))
      const { types = [], items = {} } = truth[path] ?? {}
      const expected = types.map(({ typeName, version }) => `${typeName} v${version}`)
      expect(counts).toEqual(Object.fromEntries(expected.map(key => [key, items[key]?.length ?? 0])))
    }
  })

  it('says whose code is known here, and runs none', async () => {
    const site = new ASite()
    const listed = await site.json<Listed[]>('items', '--user', 'carol@example.net', '-d', site.directory)
    expect(listed.find(({ type }) => type === 'login')).toMatchObject({ known: true, module: 'axiom.userbase' })
    expect(listed.find(({ type }) => type === 'mantissa_person')).toMatchObject({ known: false })
  })

  it('lists the rows of a type without code as the original reads them', async () => {
    const site = new ASite()
    const path = 'files/account/example.net/carol.axiom'
    const rows = await site.json<Record<string, unknown>[]>('items', 'mantissa_person', '--store', site.carol)
    const truth = readTruth()[path]?.items['mantissa_person v3'] ?? []
    expect(rows.map(({ storeID, name, vip, organizer }) => ({ storeID, name, vip, organizer }))).toEqual(
      truth.map(({ storeID, name, vip, organizer }) => ({ storeID, name, vip, organizer })),
    )
    expect(rows[1]).toMatchObject({ created: '2009-01-02T03:04:05.678901Z' })
  })

  it('filters by what an attribute holds, and stops at a limit', async () => {
    const site = new ASite()
    const people = ['items', 'mantissa_person', '--user', 'carol@example.net', '-d', site.directory]
    const ids = async (...more: readonly string[]) =>
      (await site.json<{ storeID: number }[]>(...people, ...more)).map(({ storeID }) => storeID)
    expect(await ids('--where', 'name=PERSON 000 Ünïcode')).toEqual([37])
    expect(await ids('--where', 'created=2009-01-02T03:04:05.678901Z', '--where', 'vip=no')).toEqual([37])
    expect(await ids('--where', 'created:null')).toEqual([])
    expect(await ids('--where', "name=' OR 1 --")).toEqual([])
    expect(await ids('--where', 'storeID=37')).toEqual([37])
    expect(await ids('--limit', '2')).toHaveLength(2)
    expect(await ids('--limit', '0')).toEqual([])
    expect(await site.failure(...people, '--where', 'nonesuch=1')).toMatchObject({ code: 'USAGE', exit: 2 })
    expect(await site.failure(...people, '--where', 'vip=perhaps')).toMatchObject({ exit: 2 })
  })

  it('tells everything about one item', async () => {
    const site = new ASite()
    const [account] = await site.json<{ storeID: number }[]>(
      'items',
      'login',
      '--user',
      'carol@example.net',
      '-d',
      site.directory,
    )
    const one = await site.json(
      'items',
      '--id',
      String(account?.storeID),
      '--user',
      'carol@example.net',
      '-d',
      site.directory,
    )
    expect(one).toMatchObject({
      ...{ type: 'login', version: 3, known: true, attributes: { avatars: -1, disabled: 0 } },
      referredBy: [
        { type: 'login_method', version: 2, attribute: 'account' },
        { type: 'login_method', version: 2, attribute: 'account' },
      ],
    })
    const system = await site.json('items', '--id', '2', '-d', site.directory)
    expect(system).toMatchObject({
      powerupFor: expect.arrayContaining([
        expect.objectContaining({ interface: 'twisted.cred.portal.IRealm', item: -1, powerup: 2 }),
      ]),
      installedOn: expect.arrayContaining([
        expect.objectContaining({ target: -1, explicitlyInstalled: expect.any(Boolean) }),
      ]),
    })
    expect(await site.failure('items', '--id', '99999', '-d', site.directory)).toMatchObject({
      code: 'ITEM_NOT_FOUND',
      exit: 3,
    })
  })

  it('prints no hash of a password and no key, unless it is told to', async () => {
    const site = new ASite()
    const stores = ['.', './files/account/example.org/alice.axiom', './files/account/example.org/admin.axiom']
    for (const store of stores.map(each => join(site.directory, each))) {
      const hidden = await site.output('items', 'login', '--store', store, '--jsonl')
      expect(hidden).toContain('"passwordHash":"(secret)"')
      expect(hidden).not.toContain('$argon2')
      expect(await site.output('items', 'login', '--store', store, '--secrets')).toContain('$argon2')
    }
    const admin = ['--user', 'admin@example.org', '-d', site.directory]
    const [application] = await site.json<{ storeID: number; privateKey: string }[]>(
      'items',
      'private_web_application',
      ...admin,
    )
    expect(application?.privateKey).toBe('(secret)')
    const one = await site.output('items', '--id', String(application?.storeID), ...admin)
    expect(one).toContain('privateKey=(secret)')
  })

  it('changes no byte, whatever is looked at', async () => {
    const site = new ASite()
    const before = site.hashes()
    expect(Object.keys(before).length).toBeGreaterThan(8)
    for (const words of [
      ['items'],
      ['items', 'login'],
      ['items', '--id', '2'],
      ['items', '--user', 'alice@example.org'],
      ['items', 'login_method', '--app', 'People'],
      ['sql', 'SELECT * FROM axiom_objects'],
      ['sql', 'PRAGMA integrity_check', '--user', 'carol@example.net'],
      ['browse', '--eval', 'store.query(LoginMethod).toArray()'],
      ['browse', '--eval', 'store.powerupsFor({ name: "twisted.cred.portal.IRealm", members: [] })'],
    ])
      expect(await site.output(...words, '-d', site.directory)).not.toBe('')
    expect(site.hashes()).toEqual(before)
  })

  it('lists old versions as they are, and says that there are others', async () => {
    const directory = storeWithVersions(1, 2, 9)
    const newest = await mantissa(['items', 'looked_at', '--store', directory, '--json'], { cwd: directory })
    expect(JSON.parse(newest.out)).toEqual([{ storeID: 9, v9: 'row' }])
    expect(newest.err).toBe('only version 9 is listed; there are rows of version 2, 1 too\n')
    const old = await mantissa(['items', 'looked_at', '--type-version', '1', '--store', directory, '--json'], {
      cwd: directory,
    })
    expect([JSON.parse(old.out), old.err]).toEqual([[{ storeID: 1, v1: 'row' }], ''])
    const none = await mantissa(['items', 'looked_at', '--type-version', '3', '--store', directory], { cwd: directory })
    expect([none.code, none.err]).toEqual([3, expect.stringContaining('looked_at of version 3')])
  })
})

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`

/** A version of a type that nobody here has code for, with texts for attributes; returns its table as SQL names it. */
function addType(
  database: Database.Database,
  typeName: string,
  version: number,
  attributes: readonly string[],
): string {
  const type = database
    .prepare('INSERT INTO axiom_types (typename, module, version) VALUES (?, ?, ?)')
    .run(typeName, '../../os', version)
  const describe = database.prepare("INSERT INTO axiom_attributes VALUES (?, ?, 0, 'TEXT', 1, 'text', ?, '')")
  for (const [index, each] of attributes.entries()) describe.run(type.lastInsertRowid, index, each)
  const table = quote(`item_${typeName}_v${version}`)
  const columns = attributes.map(each => `${quote(each)} TEXT`).join(', ')
  database.exec(`CREATE TABLE ${table} (oid INTEGER PRIMARY KEY, ${columns})`)
  return table
}

function storeFilledBy(fill: (database: Database.Database) => void): string {
  const directory = join(temporaryDirectory(), 'a.axiom')
  Store.create(directory, { journalMode: 'delete' }).close()
  const database = new Database(join(directory, 'db.sqlite'))
  fill(database)
  database.close()
  return directory
}

/** A store with a row of each version of a type, and of a newer `login` than is known here. */
function storeWithVersions(...versions: readonly number[]): string {
  return storeFilledBy(database => {
    for (const version of versions) {
      const table = addType(database, 'looked_at', version, [`v${version}`])
      database.prepare(`INSERT INTO ${table} VALUES (?, 'row')`).run(version)
    }
    addType(database, 'login', 4, ['later'])
  })
}

describe('items of a store that was written by somebody who means ill', { timeout: 60_000 }, () => {
  const NASTY = [
    'a"b',
    "a'b",
    'a]b',
    'x; DROP TABLE axiom_objects; --',
    '"; DELETE FROM axiom_objects; --',
    '__proto__',
    'storeID',
    '1',
    '\u001b[2J',
    'a=b:null',
  ]

  const hostileStore = () =>
    storeFilledBy(database => {
      for (const name of NASTY) {
        const table = addType(database, name, 1, [...NASTY, 'value'])
        database.exec(`INSERT INTO ${table} (oid, ${quote(name)}, value) VALUES (100, 'mine', '\u001b[31m\nred')`)
      }
    })

  it('are listed by any name, and nothing else happens', async () => {
    const directory = hostileStore()
    const run = (...words: readonly string[]) => mantissa([...words, '--store', directory], { cwd: directory })
    const listed = await run('items', '--json')
    expect((JSON.parse(listed.out) as Listed[]).map(({ type, rows }) => [type, rows])).toEqual(
      NASTY.map(name => [name, 1]),
    )
    for (const name of NASTY) {
      const { code, out, err } = await run(
        'items',
        name,
        '--json',
        '--where',
        `${name === 'storeID' ? 'value' : name}=${name === 'storeID' ? '\u001b[31m\nred' : 'mine'}`,
      )
      expect(`${code} ${err}`).toBe('0 ')
      const [row] = JSON.parse(out) as [Record<string, unknown>]
      expect(Object.entries(row).filter(([, value]) => value === 'mine')).toEqual([
        [name === 'storeID' ? 'storeID_2' : name, 'mine'],
      ])
      expect(row['storeID']).toBe(100)
    }
    expect((await run('items', 'storeID')).out).toBe(`100${'\t'.repeat(7)}mine${'\t'.repeat(4)}\\x1b[31m\\nred\n`)
  })
})

describe('items of a large type', { timeout: 120_000 }, () => {
  const ROWS = 100_000

  class Row extends item({
    typeName: 'looked_row',
    version: 1,
    module: 'axiom.item',
    attributes: { n: integer(), filling: text() },
  }) {}

  function largeStore(): string {
    const directory = join(temporaryDirectory(), 'large.axiom')
    using store = Store.create(directory)
    const filling = 'x'.repeat(200)
    store.batchInsert(
      Row,
      (function* rows() {
        for (let n = 0; n < ROWS; n += 1) yield { n, filling }
      })(),
    )
    return directory
  }

  it('come as they are found, in little memory, and stop without a word when nobody reads on', async () => {
    const directory = largeStore()
    const began = performance.now()
    let first = 0
    const { code, out, err } = await mantissa(['items', 'looked_row', '--store', directory, '--jsonl'], {
      cwd: directory,
      // All rows at once take several times as much.
      nodeOptions: ['--max-old-space-size=24'],
      started: child => child.stdout?.once('data', () => (first = performance.now() - began)),
    })
    const whole = performance.now() - began
    expect(`${code} ${err}`).toBe('0 ')
    expect(out.split('\n')).toHaveLength(ROWS + 1)
    expect(first).toBeLessThan(whole / 2)
    const script = `{ '${process.execPath}' '${bin}' items looked_row --store '${directory}'; echo "status $?" >&2; } | head -n 1`
    const cut = spawnSync('sh', ['-c', script], { cwd: directory, encoding: 'utf8' })
    expect([cut.stdout.slice(0, 4), cut.stderr]).toEqual(['1\txx', 'status 0\n'])
  })
})
