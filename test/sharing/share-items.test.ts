import { expect, it } from 'vitest'
import { Role, RoleRelationship, Share } from '../../src/sharing/share-items.js'
import { text } from '../../src/store-engine/attributes/attributes.js'
import { reference } from '../../src/store-engine/attributes/reference.js'
import { item } from '../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../src/store-engine/items/registry.js'
import { defineInterface } from '../../src/store-engine/powerups/interface.js'
import { Store } from '../../src/store-engine/store.js'
import { cloneFixture } from '../support/fixtures.js'

const IReader = defineInterface('test.IReader', ['title', 'read'])
const IWriter = defineInterface('test.IWriter', ['write'])

class Book extends item({
  typeName: 'test_sharing_book',
  version: 1,
  module: 'axiom.item',
  attributes: { title: text() },
  powerupInterfaces: [IReader, [IWriter, 3]],
}) {}
registerItemTypes(Book)

class Share1 extends item({
  typeName: 'sharing_share',
  version: 1,
  module: 'xmantissa.sharing',
  attributes: {
    shareID: text({ allowNull: false }),
    sharedItem: reference({ allowNull: false }),
    sharedTo: reference({ allowNull: false }),
    sharedAttributeNames: text({ allowNull: false }),
  },
}) {}

it('roles and shares of the original can be read', () => {
  using store = Store.open(`${cloneFixture('divmod-site.axiom')}/files/account/example.net/carol.axiom`)
  const everyone = store.findUnique(Role, Role.externalID.equals('Everyone'))
  expect(store.findUnique(Share, Share.shareID.equals('timeline')).sharedTo).toBe(everyone)
  expect(store.query(RoleRelationship, { where: RoleRelationship.group.equals(everyone) }).count()).toBe(1)
})

it.each([
  ['*', '*'],
  ['read,title', 'test.IReader'],
  ['write', 'test.IWriter'],
  ['title', ''],
  ['read,title,write', ''],
])('shares of the attributes %s become shares of the interfaces "%s": never of more', (attributes, interfaces) => {
  using old = Store.inMemory()
  const role = old.create(Role, { externalID: 'Everyone' })
  const book = old.create(Book, { title: 'Walden' })
  old.create(Share1, { shareID: 'x', sharedItem: book, sharedTo: role, sharedAttributeNames: attributes })
  using store = Store.fromImage(old.serialize({ wal: false }))
  expect(store.findUnique(Share)).toMatchObject({ shareID: 'x', sharedInterfaceNames: interfaces })
  expect(store.findUnique(Share).sharedItem).toBe(store.findUnique(Book))
})
