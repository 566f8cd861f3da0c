import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { Item, type ItemConstructor } from '../../../src/store-engine/items/item.js'
import { registeredItemTypes } from '../../../src/store-engine/items/registry.js'
import type { GenericRow } from '../../../src/store-engine/schema/generic-rows.js'
import type { TypeOnDisk } from '../../../src/store-engine/schema/schema.js'
import { Store } from '../../../src/store-engine/store.js'
import { cloneFixture, readTruth } from '../../support/fixtures.js'
import '../all-item-types.js'
import '../fixture-items.js'
import { compareSite, type RowReader, readGenerically } from '../truth-comparison.js'

/** Through the typed classes: attributes by their accessors, references followed where the referent's code is here. */
const readTyped: RowReader = (store, type) => {
  const itemClass = registeredItemTypes().find(
    ({ itemType }) => itemType.typeName === type.typeName && itemType.version === type.version,
  )
  return itemClass === undefined ? undefined : [...store.query(itemClass)].map(each => rowOf(each, type))
}

function rowOf(each: Item, type: TypeOnDisk): GenericRow {
  const attributes = each as unknown as Record<string, unknown>
  const values = type.attributes.map(({ name, kind }) => {
    if (kind !== 'reference') return [name, attributes[name]]
    const stored = each.store.storedReference(each, name)
    if (stored === null || canFollow(each.store, stored)) return [name, idOf(attributes[name])]
    return [name, stored]
  })
  return { storeID: each.storeID, values: Object.fromEntries(values) }
}

function canFollow(store: Store, storeID: number): boolean {
  const typeName = store.typeNameOf(storeID)
  return storeID === -1 || registeredItemTypes().some(({ itemType }) => itemType.typeName === typeName)
}

function idOf(referent: unknown): number | null {
  if (referent instanceof Store) return -1
  return referent instanceof Item ? referent.storeID : null
}

describe('the real site, held against what the original software reads', () => {
  it('generically, every item of every store is the same', () => {
    const truth = readTruth()
    const { differences, rows } = compareSite(cloneFixture('divmod-site.axiom'), truth, readGenerically)
    expect(differences).toEqual([])
    const expected = Object.values(truth).flatMap(({ items }) => Object.values(items).flat())
    expect(rows).toBe(expected.length)
  })

  it('through typed classes, every item of a type that has code here is the same', () => {
    const { differences, types } = compareSite(cloneFixture('divmod-site.axiom'), readTruth(), readTyped)
    expect(differences).toEqual([])
    for (const each of ['fixture_everything v1', 'fixture_node v2', 'login v3', 'login_method v2', 'substore v1'])
      expect(types).toContain(each)
  })

  it('every registered type that the site holds in this version was compared through its class', () => {
    const site = cloneFixture('divmod-site.axiom')
    const { types } = compareSite(site, readTruth(), readTyped)
    const { types: all } = compareSite(site, readTruth(), readGenerically)
    const named = ({ itemType }: ItemConstructor) => `${itemType.typeName} v${itemType.version}`
    expect([...types].sort()).toEqual([...new Set(registeredItemTypes().map(named))].filter(n => all.has(n)).sort())
  })

  it('the item types are the same, in the order of their coming', () => {
    const site = cloneFixture('divmod-site.axiom')
    for (const [path, { types }] of Object.entries(readTruth())) {
      using store = Store.open(join(site, path), { readonly: true })
      const found = store.typesOnDisk().map(({ typeName, module, version }) => ({ module, typeName, version }))
      expect(found, path).toEqual(types)
    }
  })

  it.each([
    ['UPDATE item_fixture_everything_v1 SET anInteger = anInteger - 1 WHERE oid = 6', 'item 6, anInteger'],
    ['UPDATE item_fixture_everything_v1 SET aTimestamp = aTimestamp + 1 WHERE oid = 3', 'item 3, aTimestamp'],
    ['UPDATE item_fixture_everything_v1 SET aTextList = char(2) WHERE oid = 4', 'item 4, aTextList'],
    ["UPDATE item_fixture_everything_v1 SET aPath = 'attachments/photo.bim' WHERE oid = 3", 'item 3, aPath'],
    ['DELETE FROM item_fixture_node_v2 WHERE oid = 53', 'item 53 is missing'],
  ])('notices %s', (statement, difference) => {
    const site = cloneFixture('divmod-site.axiom')
    using dave = new DisposableDatabase(join(site, 'files/account/example.org/dave.axiom/db.sqlite'))
    dave.database.exec(statement)
    for (const read of [readGenerically, readTyped]) {
      const { differences } = compareSite(site, readTruth(), read)
      expect(differences.filter(line => line.includes(difference))).toHaveLength(1)
      expect(differences.length).toBeLessThan(3)
    }
  })
})

class DisposableDatabase implements Disposable {
  readonly database: Database.Database

  constructor(path: string) {
    this.database = new Database(path)
  }

  [Symbol.dispose](): void {
    this.database.close()
  }
}
