import { join } from 'node:path'
import { expect, it } from 'vitest'
import { changeFence, ensureFence, imposeFence } from '../../src/site/fence.js'
import { Store } from '../../src/store-engine/store.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

function newStore(): Store {
  return Store.create(join(temporaryDirectory(), 'user.axiom'))
}

it('is made once, active at epoch 0', () => {
  using store = newStore()
  const fence = ensureFence(store, 'site-1')
  expect(fence).toMatchObject({ epoch: 0, owner: 'site-1', state: 'active', transferId: null })
  expect(ensureFence(store, 'site-2')).toEqual(fence)
})

it('changes only from what is expected, and can be changed when writing is forbidden', () => {
  using store = newStore()
  const { storeId } = ensureFence(store, 'site-1')
  changeFence(store, { state: 'active', epoch: 0 }, { state: 'sealed', transferId: 't' })
  expect(() => store.transact(() => undefined)).toThrow(expect.objectContaining({ code: 'STORE_SEALED' }))
  const late = () => changeFence(store, { state: 'active', epoch: 0 }, { state: 'sealed', transferId: 'u' })
  expect(late).toThrow(expect.objectContaining({ code: 'FENCE_MOVED_ON' }))
  expect(changeFence(store, { transferId: 't' }, { state: 'active', epoch: 2 })).toEqual({
    storeId,
    epoch: 2,
    owner: 'site-1',
    state: 'active',
    transferId: 't',
    incarnation: 0,
  })
  store.transact(() => undefined)
})

it('is not there in a store that was never moved, and can be imposed', () => {
  using store = newStore()
  expect(() => changeFence(store, {}, { state: 'sealed' })).toThrow('has no fence')
  const fence = { storeId: 'x', epoch: 3, owner: 'site-2', state: 'prepared', transferId: 't', incarnation: 2 } as const
  imposeFence(store, fence)
  expect(store.readFence()).toEqual(fence)
})

it.each([
  ['a row that would stay in force', 'mantissa_fence'],
  ['a name that is written and not read', 'MANTISSA_Fence'],
])('is imposed on a store from a stranger, whose table of that name has %s', (_what, name) => {
  using store = newStore()
  store.transact(() => {
    store.sql.exec(`CREATE TABLE ${name} (only, store_id, epoch, owner, state, transfer_id)`)
    store.sql.run(`INSERT INTO ${name} VALUES (1, 'somebody else', 'x', 'nobody', 'active', NULL)`)
  })
  const fence = { storeId: 'x', epoch: 3, owner: 'site-2', state: 'prepared', transferId: 't', incarnation: 2 } as const
  imposeFence(store, fence)
  expect(store.readFence()).toEqual(fence)
  expect(() => store.transact(() => undefined)).toThrow(expect.objectContaining({ code: 'STORE_SEALED' }))
  changeFence(store, { state: 'prepared' }, { state: 'active' })
  expect(store.readFence()).toEqual({ ...fence, state: 'active' })
})

it('of before there were incarnations is of the first, and learns to count when it is changed', () => {
  using store = newStore()
  store.transact(() => {
    store.sql.exec('CREATE TABLE mantissa_fence (only INTEGER PRIMARY KEY, store_id, epoch, owner, state, transfer_id)')
    store.sql.run("INSERT INTO mantissa_fence VALUES (1, 'x', 3, 'site-1', 'active', NULL)")
  })
  expect(ensureFence(store, 'site-1')).toMatchObject({ storeId: 'x', epoch: 3, incarnation: 0 })
  expect(changeFence(store, { epoch: 3 }, { epoch: 4 })).toMatchObject({ epoch: 4, incarnation: 0 })
  expect(changeFence(store, { incarnation: 0 }, { incarnation: 5 })).toMatchObject({ epoch: 4, incarnation: 5 })
  expect(store.readFence()).toMatchObject({ incarnation: 5 })
})
