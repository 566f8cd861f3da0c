import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { cloneHistoric, hasHistoricFixtures, withoutHistoric } from '../support/historic-fixtures.js'
import { mantissa } from '../support/mantissa.js'
import { makeOldSite, makeOldStore } from '../support/old-stores.js'
import { differences, rawRowsBelow } from '../support/raw-rows.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

interface Row {
  readonly store: string | null
  readonly address: string | null
  readonly status: string
  readonly items: Readonly<Record<string, number>>
  readonly failed: number
  readonly code: string | null
  readonly message: string | null
}

/** Runs the verb on a site that lies in the current directory. */
async function run(site: string, words: string, started?: Parameters<typeof mantissa>[1]['started']) {
  const options = { cwd: dirname(site), variables: { MANTISSA_SITE: site } }
  return await mantissa(words, started === undefined ? options : { ...options, started })
}

function change(site: string, sql: string): void {
  const database = new Database(join(site, 'db.sqlite'))
  database.pragma('foreign_keys = OFF')
  database.exec(sql)
  database.close()
}

describe('upgrade', () => {
  it('behaviour 70: says when it is complete, and a second time that there was nothing to do', async () => {
    const site = makeOldSite()
    const first = await run(site, 'upgrade')
    expect([first.code, first.err]).toEqual([0, 'upgrade complete: 25 items and 45 tables in 3 stores\n'])
    expect(first.out.split('\n').map(line => line.split('\t').slice(0, 3))).toEqual([
      ['done', '(site)', ''],
      ['done', 'account/example.com/alice.axiom', 'alice@example.com'],
      ['done', 'account/example.com/bob.axiom', 'bob@example.com'],
      [''],
    ])
    const again = await run(site, 'upgrade --quiet --jsonl')
    expect(again.out.match(/"status":"already"/g)).toHaveLength(3)
    expect([again.code, again.err]).toEqual([0, ''])
  })

  it('with --dry-run tells the same and changes nothing; -d names the site as in axiomatic', async () => {
    const site = makeOldSite()
    const before = rawRowsBelow(site)
    const { out, err, code } = await mantissa(['upgrade', '-d', site, '-n', '--json'], { cwd: dirname(site) })
    expect((JSON.parse(out) as Row[]).map(({ status }) => status)).toEqual(['planned', 'planned', 'planned'])
    expect([code, err]).toEqual([0, 'an upgrade would change 25 items and 45 tables in 3 stores\n'])
    expect(differences(before, rawRowsBelow(site))).toEqual([])
  })

  it('ends with 10 when some stores failed, and names item, type and versions', async () => {
    const site = makeOldSite()
    change(site, 'UPDATE item_login_method_v1 SET localpart = NULL WHERE oid = 35')
    const { code, out, err } = await run(site, 'upgrade --json')
    const [own, ...others] = JSON.parse(out) as Row[]
    expect(own).toMatchObject({ status: 'failed', failed: 1, code: 'ITEM_UPGRADE' })
    expect(own?.message).toContain('item 35, login_method from version 1 to 2: login_method.localpart cannot be null')
    expect(others.map(({ status }) => status)).toEqual(['done', 'done'])
    expect(code).toBe(10)
    expect(err).toContain('1 of 3 stores could not be upgraded, or not wholly')
  })

  it('ends with the code of its only store where nothing could be done', async () => {
    const site = makeOldStore('bob', join(temporaryDirectory(), 'lone.axiom'))
    change(
      site,
      "UPDATE item_login_v3 SET avatars = NULL; UPDATE axiom_attributes SET sqltype = 'STRANGE' WHERE attribute = 'note'",
    )
    const { code, out } = await run(site, 'upgrade --json')
    expect((JSON.parse(out) as Row[]).map(row => row.code)).toEqual(['STORE_DAMAGED'])
    expect(code).toBe(6)
  })

  it('refuses a count that is none', async () => {
    expect(await run(makeOldSite(), 'upgrade --count 0')).toMatchObject({ code: 2, out: '' })
  })

  it('tells which offering has no code here, and leaves its items', async () => {
    const site = makeOldSite()
    expect((await run(site, 'upgrade')).code).toBe(0)
    change(
      site,
      `INSERT INTO axiom_types (typename, module, version) VALUES ('mantissa_installed_offering', 'xmantissa.offering', 1);
       INSERT INTO axiom_attributes SELECT max(oid), 0, 1, 'INTEGER', 1, 'reference', 'application', '' FROM axiom_types;
       INSERT INTO axiom_attributes SELECT max(oid), 1, 0, 'TEXT COLLATE NOCASE', 0, 'text', 'offeringName', '' FROM axiom_types;
       CREATE TABLE item_mantissa_installed_offering_v1 (oid INTEGER PRIMARY KEY, [application] INTEGER, [offeringName] TEXT COLLATE NOCASE);
       INSERT INTO axiom_objects (type_id) SELECT max(oid) FROM axiom_types;
       INSERT INTO item_mantissa_installed_offering_v1 SELECT max(oid), NULL, 'Garden' FROM axiom_objects;`,
    )
    const { err, code } = await run(site, 'upgrade')
    expect(err).toContain('items of Garden are left as they are: ')
    expect(code).toBe(0)
  })
})

describe('an upgrade that is ended in the middle', () => {
  const MANY = 10_000

  /** A site with many old items in its own store. */
  function large(): string {
    const site = makeOldSite()
    change(
      site,
      `WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < ${99 + MANY})
       INSERT INTO item_static_web_site_v1 (oid, prefixURL, staticContentPath) SELECT i, 'p' || i, '/srv' FROM n;
       INSERT INTO axiom_objects (oid, type_id)
       SELECT oid, (SELECT oid FROM axiom_types WHERE typename = 'static_web_site')
       FROM item_static_web_site_v1 WHERE oid >= 100`,
    )
    return site
  }

  /** Of a process that was killed the log may have to be recovered, which takes a connection that could write. */
  const upgraded = (site: string, { readonly } = { readonly: true }): number => {
    const database = new Database(join(site, 'db.sqlite'), { readonly })
    try {
      return database.prepare('SELECT count(*) FROM item_static_web_site_v2').pluck().get() as number
    } catch {
      return 0
    } finally {
      database.close()
    }
  }

  async function endedBy(signal: NodeJS.Signals, site: string) {
    let polling: NodeJS.Timeout | undefined
    const ended = await run(site, 'upgrade --count 1', child => {
      polling = setInterval(() => {
        if (upgraded(site) <= 20) return
        clearInterval(polling)
        child.kill(signal)
      }, 2)
    })
    clearInterval(polling)
    return ended
  }

  it.each(['SIGKILL', 'SIGINT'] as const)('by %s is gone on with by the next one, to the same end', async signal => {
    const site = large()
    const whole = join(temporaryDirectory(), 'whole.axiom')
    cpSync(site, whole, { recursive: true })
    const ended = await endedBy(signal, site)
    expect(signal === 'SIGKILL' ? ended.signal : ended.code).toBe(signal === 'SIGKILL' ? 'SIGKILL' : 130)
    if (signal === 'SIGINT') expect(ended.err).toContain('stopping after this transaction; run it again to go on')
    const half = upgraded(site, { readonly: false })
    expect(half).toBeGreaterThan(20)
    expect(half).toBeLessThan(MANY)
    expect((await run(site, 'upgrade')).code).toBe(0)
    expect((await run(whole, 'upgrade')).code).toBe(0)
    const hashes = differences(rawRowsBelow(whole), rawRowsBelow(site)).filter(line => !/item_login_v3/.test(line))
    expect(hashes).toEqual([])
    expect(upgraded(site)).toBe(MANY + 1)
  })
})

describe.skipIf(!hasHistoricFixtures)(`a historic store that is no site${withoutHistoric}`, () => {
  it('is upgraded: its tables get oids, its rows stay, and the tables of the toolkit come beside them', async () => {
    const store = cloneHistoric('textlist')
    const before = rawRowsBelow(store)
    const { code, err } = await run(store, 'upgrade')
    expect([code, err]).toEqual([0, 'upgrade complete: 0 items and 4 tables in 1 store\n'])
    expect(differences(before, rawRowsBelow(store))).toEqual([])
  })
})

it('the stores of fixtures/old-stores are what their recipe makes', () => {
  const fixtures = join(import.meta.dirname, '../../fixtures')
  const made = temporaryDirectory()
  execFileSync(process.execPath, [join(fixtures, 'make-old-stores.mjs'), made])
  const committed = readdirSync(join(fixtures, 'old-stores')).sort()
  expect(readdirSync(made).sort()).toEqual(committed)
  for (const file of committed)
    expect(readFileSync(join(made, file), 'utf8')).toBe(readFileSync(join(fixtures, 'old-stores', file), 'utf8'))
})
