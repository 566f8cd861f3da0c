import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Site } from '../../src/site/site.js'
import type { TypeOnDisk } from '../../src/store-engine/schema/schema.js'
import { fromEveryStore, SkippedStore } from '../../src/upkeep/every-store.js'
import '../../src/upkeep/own-item-types.js'
import { type UpgradedStore, upgradeSite } from '../../src/upkeep/upgrade-site.js'
import { makeOldSite } from '../support/old-stores.js'
import { ALICE, BOB, bareSql, rowsOf, smallSite } from './check/small-site.js'

async function upgrade(directory: string, plan = false): Promise<UpgradedStore[]> {
  using site = Site.open(directory, { readonly: plan })
  const stores: UpgradedStore[] = []
  for await (const store of upgradeSite(site, { plan, itemsPerTransaction: 3 })) stores.push(store)
  return stores
}

function outcomes(stores: readonly UpgradedStore[]): unknown[] {
  return stores.map(({ store, status, error }) => [store, status, error?.code])
}

/** Name, time of the last change and content of everything below a directory. */
function traceOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .sort()
    .map(name => {
      const path = join(directory, name)
      const stats = statSync(path)
      return stats.isFile() ? `${name} ${stats.mtimeMs} ${readFileSync(path).toString('base64')}` : name
    })
}

const [ALICE_BELOW, BOB_BELOW] = [ALICE, BOB].map(store => store.slice('files/'.length))

const PAGE_TYPE = 'static_web_site'
/** Pages of the first version, of which each row is `oid, prefixURL, staticContentPath`. */
function pages(...rows: readonly string[]): string[] {
  return [
    `CREATE TABLE item_${PAGE_TYPE}_v1 (oid INTEGER PRIMARY KEY, [prefixURL] TEXT COLLATE NOCASE, [staticContentPath] TEXT COLLATE NOCASE)`,
    `INSERT INTO axiom_types (typename, module, version) VALUES ('${PAGE_TYPE}', 'os', 1)`,
    ...['prefixURL', 'staticContentPath'].map(
      (name, offset) =>
        `INSERT INTO axiom_attributes SELECT max(oid), ${offset}, 0, 'TEXT COLLATE NOCASE', 1, 'text', '${name}', '' FROM axiom_types`,
    ),
    ...rows.flatMap(row => [
      `INSERT INTO axiom_objects (oid, type_id) SELECT ${row.split(',')[0]}, max(oid) FROM axiom_types`,
      `INSERT INTO item_${PAGE_TYPE}_v1 VALUES (${row})`,
    ]),
  ]
}

describe('an upgrade of a site of a stranger', () => {
  it.each([true, false])('goes on after a store that is named badly (only planned: %s)', async plan => {
    const { directory } = smallSite()
    bareSql(directory, `UPDATE item_substore_v1 SET storepath = '../../elsewhere' WHERE storepath LIKE '%alice%'`)
    expect(outcomes(await upgrade(directory, plan))).toEqual([
      [null, 'already', undefined],
      ['../../elsewhere', 'failed', 'HOSTILE_PATH'],
      [BOB_BELOW, 'already', undefined],
    ])
  })

  it('goes on after a name that no disk takes', async () => {
    const { directory } = smallSite()
    bareSql(directory, `UPDATE item_substore_v1 SET storepath = '${'x'.repeat(5000)}' WHERE storepath LIKE '%alice%'`)
    const told = await upgrade(directory)
    expect(told.map(({ status, error }) => [status, error?.code])).toEqual([
      ['already', undefined],
      ['failed', 'STORE_UNREADABLE'],
      ['already', undefined],
    ])
  })

  it('goes on after an item that the objects know nothing of', async () => {
    const { directory } = smallSite()
    bareSql(
      directory,
      `DELETE FROM axiom_objects WHERE oid = (SELECT oid FROM item_substore_v1 WHERE storepath LIKE '%alice%')`,
    )
    expect(outcomes(await upgrade(directory))).toEqual([
      [null, 'already', undefined],
      [ALICE_BELOW, 'failed', 'ITEM_NOT_FOUND'],
      [BOB_BELOW, 'already', undefined],
    ])
  })

  it('does not go in circles through a link', async () => {
    const { directory } = smallSite()
    symlinkSync(directory, join(directory, 'files/round.axiom'))
    bareSql(directory, `UPDATE item_substore_v1 SET storepath = 'round.axiom' WHERE storepath LIKE '%alice%'`)
    expect(outcomes(await upgrade(directory))[1]).toEqual(['round.axiom', 'failed', 'PATH_ESCAPES'])
  })

  it.each([true, false])('writes nothing where triggers would write too (only planned: %s)', async plan => {
    const { directory, alice } = smallSite()
    bareSql(
      alice,
      ...pages(`90, 'a', '/a'`),
      `CREATE TRIGGER again AFTER DELETE ON item_${PAGE_TYPE}_v1 BEGIN
         INSERT INTO item_${PAGE_TYPE}_v1 (prefixURL) VALUES ('again');
       END`,
    )
    const before = rowsOf(alice)
    const told = await upgrade(directory, plan)
    expect(outcomes(told)[1]).toEqual([ALICE_BELOW, 'failed', 'FOREIGN_SCHEMA'])
    expect(told[1]?.error?.message).toContain('"again"')
    expect(outcomes(told)[2]).toEqual([BOB_BELOW, 'already', undefined])
    expect(rowsOf(alice)).toEqual(before)
  })

  it('names an item whose number is beyond all exact ones, and leaves it', async () => {
    const { directory, alice } = smallSite()
    bareSql(alice, ...pages(`90, 'a', '/a'`, `9007199254740993, 'b', '/b'`))
    const [, told] = await upgrade(directory)
    expect(told).toMatchObject({ status: 'failed', items: { [PAGE_TYPE]: 1 }, failed: 1 })
    const [left, ...others] = rowsOf(alice)[`item_${PAGE_TYPE}_v1`] ?? []
    expect([left, others]).toEqual([expect.stringContaining('9007199254740993'), []])
  })

  it('takes no longer where a version is a hundred millions below the first', async () => {
    const { directory, alice } = smallSite()
    const old = pages(`90, 'a', '/a'`).map(sql =>
      sql.replace('_v1', '_v-100000000').replace("'os', 1", "'os', -100000000"),
    )
    bareSql(alice, ...old.map(sql => sql.replace(/item_\S+_v-\d+/, '"$&"')))
    const [, told] = await upgrade(directory)
    expect(told?.error?.message).toMatch(/no upgrader leads static_web_site from version -100000000 to 1$/)
  })
})

it('a look into every store goes on after one that is named badly', () => {
  const { directory } = smallSite()
  bareSql(directory, `UPDATE item_substore_v1 SET storepath = '../../elsewhere' WHERE storepath LIKE '%alice%'`)
  using site = Site.open(directory, { readonly: true })
  const told = [...fromEveryStore(site, {}, (_, place) => [place.address])]
  expect(told.map(each => (each instanceof SkippedStore ? [each.place, each.error.code] : each))).toEqual([
    null,
    [{ address: 'alice@example.com', path: null }, 'HOSTILE_PATH'],
    'bob@example.com',
  ])
})

it('a type with a zero in its name is damage to whoever counts its items', () => {
  const { directory } = smallSite()
  bareSql(directory, `INSERT INTO axiom_types (typename, module, version) VALUES ('a' || char(0) || 'b', 'm', 1)`)
  using site = Site.open(directory, { readonly: true })
  const type = site.store.typesOnDisk().find(({ typeName }) => typeName.startsWith('a\0')) as TypeOnDisk
  expect(() => site.store.countOf(type)).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }))
})

it('a plan leaves no file behind, and changes none', async () => {
  const { directory } = smallSite()
  const old = makeOldSite()
  for (const site of [directory, old]) {
    const before = traceOf(site)
    await upgrade(site, true)
    expect(traceOf(site)).toEqual(before)
  }
})
