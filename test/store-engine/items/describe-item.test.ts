import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { bytes, text } from '../../../src/store-engine/attributes/attributes.js'
import { item } from '../../../src/store-engine/items/item.js'
import { Store } from '../../../src/store-engine/store.js'

class Guard extends item({
  typeName: 'describe_guard',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text(), passwordHash: text(), api_key: bytes(), token: text() },
}) {}

it('describes an item without its secrets, which can be read all the same', () => {
  using store = Store.inMemory()
  const guard = store.create(Guard, { name: 'gate', passwordHash: '$argon2id$abc', api_key: Buffer.from('abc') })
  const described = `Guard(api_key=(secret), name="gate", passwordHash=(secret), token=null, storeID=${guard.storeID})`
  expect(String(guard)).toBe(described)
  expect(inspect([guard], { breakLength: 200 })).toBe(`[ ${described} ]`)
  expect(guard.passwordHash).toBe('$argon2id$abc')
})
