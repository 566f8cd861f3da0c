import { expect, it } from 'vitest'
import {
  addDefaultShareID,
  findDefaultShareID,
  removeDefaultShare,
  setDefaultShare,
} from '../../src/sharing/default-share.js'
import { Store } from '../../src/store-engine/store.js'
import { cloneFixture } from '../support/fixtures.js'

it('behaviour 122: the default share of the highest priority counts', () => {
  using store = Store.inMemory()
  expect(findDefaultShareID(store)).toBeUndefined()
  addDefaultShareID(store, 'low', 1)
  addDefaultShareID(store, 'high', 3)
  addDefaultShareID(store, 'middle', 2)
  expect(findDefaultShareID(store)).toBe('high')
  removeDefaultShare(store, 'HIGH')
  expect(findDefaultShareID(store)).toBe('middle')
  setDefaultShare(store, 'low')
  setDefaultShare(store, 'low')
  expect(findDefaultShareID(store)).toBe('low')
})

it("the original's default share is found", () => {
  using store = Store.open(`${cloneFixture('divmod-site.axiom')}/files/account/example.net/carol.axiom`)
  expect(findDefaultShareID(store)).toBe('timeline')
})
