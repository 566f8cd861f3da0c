import { describe, expect, it } from 'vitest'
import { Store } from '../../../src/store-engine/store.js'
import { Catalog } from '../../../src/store-engine/tags/catalog.js'
import { Tag, TagName } from '../../../src/store-engine/tags/tag.js'
import { cloneHistoric, hasHistoricFixtures, withoutHistoric } from '../../support/historic-fixtures.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { statementsOf } from '../statements-of.js'
import { type Note, threeNotes } from '../test-items.js'

function inMemory(): { store: Store; catalog: Catalog; notes: Note[] } {
  const store = Store.inMemory()
  return { store, catalog: store.create(Catalog, {}), notes: threeNotes(store) }
}

describe('a catalog', () => {
  it('tells the tags of an object and the objects of a tag, the store itself included', () => {
    const { store, catalog, notes } = inMemory()
    const [a, b, c] = notes as [Note, Note, Note]
    catalog.tag(a, 'red')
    catalog.tag(b, 'red')
    catalog.tag(b, 'round')
    catalog.tag(store, 'red', a)
    expect(catalog.tagNames()).toEqual(['red', 'round'])
    expect(catalog.tagsOf(b)).toEqual(['red', 'round'])
    expect(catalog.tagsOf(c)).toEqual([])
    expect(catalog.objectsIn('red')).toEqual([a, b, store])
    expect(catalog.objectsIn('blue')).toEqual([])
    expect([catalog.tagCount, catalog.count('red'), catalog.count('blue')]).toEqual([4, 3, 0])
    expect(store.findUnique(Tag, Tag.object.equals(store)).tagger).toBe(a)
  })

  it('tags once, whatever the case of ASCII letters, and keeps the first tagger and time', () => {
    const { store, catalog, notes } = inMemory()
    const [a, b] = notes as [Note, Note]
    catalog.tag(a, 'Red', b)
    const { created } = store.findUnique(Tag)
    for (const name of ['Red', 'red', 'RED']) catalog.tag(a, name)
    expect(store.findUnique(Tag)).toMatchObject({ name: 'Red', tagger: b, created })
    expect(store.query(TagName).count()).toBe(1)
    expect(catalog.tagCount).toBe(1)
  })

  it('keeps its tags apart from those of another catalog', () => {
    const { store, catalog, notes } = inMemory()
    const [a] = notes as [Note]
    const other = store.create(Catalog, {})
    catalog.tag(a, 'red')
    other.tag(a, 'red')
    other.tag(a, 'blue')
    expect(other.untag(a, 'red')).toBe(true)
    expect([catalog.tagsOf(a), other.tagsOf(a)]).toEqual([['red'], ['blue']])
    expect([catalog.tagCount, other.tagCount]).toEqual([1, 1])
    expect([catalog.tagNames(), other.tagNames()]).toEqual([['red'], ['red', 'blue']])
  })

  it('untags, says whether there was something to take, and remembers the name', () => {
    const { store, catalog, notes } = inMemory()
    const [a] = notes as [Note]
    catalog.tag(a, 'red')
    expect([catalog.untag(a, 'RED'), catalog.untag(a, 'red')]).toEqual([true, false])
    expect([catalog.tagsOf(a), catalog.objectsIn('red'), catalog.tagCount]).toEqual([[], [], 0])
    expect(catalog.tagNames()).toEqual(['red'])
    expect(store.query(Tag).count()).toBe(0)
  })

  it('a tag that fails half-way is not counted', () => {
    const { store, catalog, notes } = inMemory()
    const [a] = notes as [Note]
    expect(() => catalog.tag(a, 'red\0')).toThrow(expect.objectContaining({ code: 'CONSTRAINT' }))
    const elsewhere = threeNotes(Store.inMemory())[0] as Note
    expect(() => catalog.tag(a, 'red', elsewhere)).toThrow(expect.objectContaining({ code: 'CROSS_STORE_REFERENCE' }))
    expect([catalog.tagCount, catalog.tagNames(), store.query(Tag).count()]).toEqual([0, [], 0])
  })

  it('speaks of no object that was deleted, and forgets its tags when asked', () => {
    const { store, catalog, notes } = inMemory()
    const [a, b, c] = notes as [Note, Note, Note]
    for (const note of [a, b]) catalog.tag(note, 'red', c)
    catalog.tag(store, 'red')
    a.deleteFromStore()
    c.deleteFromStore()
    expect([catalog.objectsIn('red'), catalog.count('red')]).toEqual([[b, store], 2])
    expect([catalog.tagsOf(a), catalog.tagsOf(b), catalog.tagCount]).toEqual([[], ['red'], 3])
    expect([catalog.forgetVanished(), catalog.forgetVanished()]).toEqual([1, 0])
    expect(catalog.tagCount).toBe(2)
    expect(store.query(Tag).count()).toBe(2)
  })

  it('takes its own tags with it when it is deleted', () => {
    const { store, catalog, notes } = inMemory()
    const other = store.create(Catalog, {})
    for (const each of [catalog, other]) each.tag(notes[0] as Note, 'red')
    catalog.deleteFromStore()
    expect([store.query(Tag).count(), store.query(TagName).count(), other.tagCount]).toEqual([1, 1, 1])
  })

  it('lies on disk as the original writes it', () => {
    using store = Store.create(`${temporaryDirectory()}/a.axiom`)
    const catalog = store.create(Catalog, {})
    catalog.tag(catalog, 'red')
    expect(statementsOf(store, 'tag', 'tagname', 'tag_catalog')).toEqual([
      'CREATE INDEX axiomidx_tag_v1_catalog ON item_tag_v1([catalog])',
      'CREATE INDEX axiomidx_tag_v1_object ON item_tag_v1([object])',
      'CREATE INDEX axiomidx_tag_v1_tagger ON item_tag_v1([tagger])',
      'CREATE INDEX axiomidx_tagname_v1_catalog ON item_tagname_v1([catalog])',
      'CREATE INDEX axiomidx_tagname_v1_name ON item_tagname_v1([name])',
      'CREATE TABLE item_tag_catalog_v2 (oid INTEGER PRIMARY KEY, [tagCount] INTEGER)',
      'CREATE TABLE item_tag_v1 (oid INTEGER PRIMARY KEY, [catalog] INTEGER, [created] INTEGER, [name] TEXT COLLATE NOCASE, [object] INTEGER, [tagger] INTEGER)',
      'CREATE TABLE item_tagname_v1 (oid INTEGER PRIMARY KEY, [catalog] INTEGER, [name] TEXT COLLATE NOCASE)',
    ])
    expect(store.typesOnDisk().map(({ module }) => module)).toEqual(['axiom.tags', 'axiom.tags', 'axiom.tags'])
  })
})

describe('a catalog of version 1', () => {
  it.runIf(hasHistoricFixtures)(`of a historic store gets its list of names${withoutHistoric}`, () => {
    using store = Store.open(cloneHistoric('catalog1to2'))
    const catalog = store.findUnique(Catalog)
    expect(catalog.storeID).toBe(1)
    expect(catalog.tagNames()).toEqual(['internal', 'external', 'green'])
    expect(catalog.tagCount).toBe(4)
    expect(catalog.objectsIn('internal')).toEqual([catalog, store])
    expect([catalog.count('external'), catalog.count('green')]).toEqual([1, 1])
    catalog.tag(store, 'external')
    expect([catalog.tagCount, catalog.tagNames().length]).toEqual([5, 3])
  })

  it('gets a name once for all its spellings, and none of another catalog', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    writeOldStore(directory)
    using store = Store.open(directory)
    const [first, second] = store.query(Catalog).toArray() as [Catalog, Catalog]
    expect(first.tagNames()).toEqual(['Red', 'blue'])
    expect(second.tagNames()).toEqual(['green'])
    expect([first.tagCount, second.tagCount]).toEqual([4, 1])
    expect(store.query(TagName).count()).toBe(3)
  })
})

/** Two catalogs as version 1 kept them. */
function writeOldStore(directory: string): void {
  using store = Store.create(directory)
  const [first, second] = [store.create(Catalog, { tagCount: 4 }), store.create(Catalog, { tagCount: 1 })]
  const tags = { Red: first, RED: first, blue: first, green: second }
  for (const [name, catalog] of Object.entries(tags)) store.create(Tag, { name, catalog, object: store })
  store.create(Tag, { catalog: first, object: store })
  store.transact(() => {
    store.sql.exec('ALTER TABLE item_tag_catalog_v2 RENAME TO item_tag_catalog_v1')
    store.sql.run("UPDATE axiom_types SET version = 1 WHERE typename = 'tag_catalog'")
  })
}
