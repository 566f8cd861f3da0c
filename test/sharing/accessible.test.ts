import { expect, it } from 'vitest'
import { asAccessibleTo } from '../../src/sharing/accessible.js'
import { getEveryoneRole, getPrimaryRole } from '../../src/sharing/roles.js'
import { shareItem } from '../../src/sharing/share-item.js'
import { Share } from '../../src/sharing/share-items.js'
import { Store } from '../../src/store-engine/store.js'
import { IReadable, IWritable, Thing } from './shared-things.js'

const nobody = { address: null }

/** `count` things, of which every third is private. */
function storeOfThings(count: number): Store {
  const store = Store.inMemory()
  store.transact(() => {
    for (let index = 0; index < count; index += 1) {
      const thing = store.create(Thing, { title: `thing ${index}`, weight: index })
      const role = index % 3 === 0 ? getPrimaryRole(store, 'alice@example.com') : getEveryoneRole(store)
      shareItem(role, thing, { shareID: `s${index}`, interfaces: [IReadable] })
    }
  })
  return store
}

const idsOf = (shared: Iterable<{ shareID: string }>) => [...shared].map(({ shareID }) => shareID)

it('behaviour 119: a limit counts what the viewer may see, with private items in between', () => {
  using store = storeOfThings(10)
  const query = store.query(Thing, { sort: Thing.weight.descending, limit: 3, offset: 1 })
  expect(idsOf(asAccessibleTo(nobody, query))).toEqual(['s7', 's5', 's4'])
  expect(idsOf(asAccessibleTo(getPrimaryRole(store, 'alice@example.com'), query))).toEqual(['s8', 's7', 's6'])
  const light = store.query(Thing, { where: Thing.weight.lessThan(3), sort: Thing.weight.ascending })
  expect(idsOf(asAccessibleTo({ address: 'bob@example.com' }, light))).toEqual(['s1', 's2'])
})

it('reads in pages, and no further than it must', () => {
  using store = storeOfThings(160)
  expect(idsOf(asAccessibleTo(nobody, store.query(Thing))).length).toBe(106)
  const [first] = asAccessibleTo(nobody, store.query(Thing, { sort: Thing.weight.ascending }))
  expect(first?.facet).toMatchObject({ title: 'thing 1' })
})

it('shows each item once, under its first ID, and nothing through interfaces that nobody knows', () => {
  using store = Store.inMemory()
  const role = getEveryoneRole(store)
  const things = ['a', 'b', 'c'].map(title => store.create(Thing, { title }))
  const [a, b, c] = things as [Thing, Thing, Thing]
  store.create(Share, { shareID: 'odd', sharedItem: a, sharedTo: role, sharedInterfaceNames: 'somebody.IElse' })
  store.create(Share, { shareID: 'odd too', sharedItem: c, sharedTo: role, sharedInterfaceNames: 'somebody.IElse' })
  for (const shareID of ['first', 'second']) shareItem(role, a, { shareID, interfaces: [IReadable] })
  shareItem(getPrimaryRole(store, 'alice@example.com'), a, { shareID: 'first', interfaces: [IWritable] })
  store.create(Share, { shareID: 'FIRST', sharedItem: b, sharedTo: role, sharedInterfaceNames: '*' })
  const shared = [...asAccessibleTo({ address: 'alice@example.com' }, store.query(Thing))]
  expect(idsOf(shared)).toEqual(['first'])
  expect(Object.keys(shared[0]?.facet ?? {})).toEqual(['title', 'summary', 'rename'])
})
