import { describe, expect, it } from 'vitest'
import { CREATE_FENCE_TABLE, type FenceState, readFence } from '../../../src/store-engine/database/write-fence.js'
import { StoreSealedError } from '../../../src/store-engine/errors.js'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { Note, threeNotes } from '../test-items.js'

function setFence(store: Store, state: FenceState | 'nonsense'): void {
  store.transact(
    () => {
      store.sql.exec(CREATE_FENCE_TABLE)
      store.sql.run("INSERT OR REPLACE INTO mantissa_fence VALUES (1, 'store', 4, 'site', ?, 'T1', 0)", state)
    },
    { ignoreFence: true },
  )
}

describe('the write fence', () => {
  it('absent means active', () => {
    using store = Store.inMemory()
    expect(readFence(store)).toBeNull()
    expect(threeNotes(store)).toHaveLength(3)
  })

  it('active lets write and is read back', () => {
    using store = Store.inMemory()
    setFence(store, 'active')
    expect(readFence(store)).toEqual({
      storeId: 'store',
      epoch: 4,
      owner: 'site',
      state: 'active',
      transferId: 'T1',
      incarnation: 0,
    })
    expect(threeNotes(store)).toHaveLength(3)
  })

  it('two fences are damage, whichever comes first', () => {
    using store = Store.create(`${temporaryDirectory()}/a.axiom`)
    store.engine.connection.execute(
      `CREATE TABLE mantissa_fence AS SELECT 'S' AS store_id, 1 AS epoch, 'O' AS owner, 'active' AS state, NULL AS transfer_id
         UNION ALL SELECT 'S', 1, 'O', 'sealed', NULL`,
    )
    expect(() => store.transact(() => {})).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }))
  })

  it.each(['sealed', 'prepared', 'retired', 'nonsense'] as const)(
    '%s: everything that writes is refused, reading is not',
    state => {
      using store = Store.create(`${temporaryDirectory()}/a.axiom`)
      const [a] = threeNotes(store) as [Note]
      const file = store.newFile('f')
      file.write('x')
      setFence(store, state)
      let ran = false
      const writes = [
        () => store.create(Note, { name: 'x' }),
        () => Object.assign(a, { name: 'x' }),
        () => a.deleteFromStore(),
        () => store.query(Note).deleteFromStore(),
        () => store.batchInsert(Note, [{ name: 'x' }]),
        () => file.close(),
        () =>
          store.transact(() => {
            ran = true
          }),
      ]
      for (const write of writes)
        expect(write).toThrow(
          expect.objectContaining({ code: 'STORE_SEALED', details: expect.objectContaining({ state, epoch: 4 }) }),
        )
      file.abort()
      expect([ran, a.name, store.query(Note).count()]).toEqual([false, 'a', 3])
      expect(store.snapshot(() => store.query(Note).count())).toBe(3)
    },
  )

  it('is looked at under the write lock: a seal by another connection is seen at the next transaction', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    using one = Store.create(directory)
    using two = Store.open(directory)
    const [a] = threeNotes(one) as [Note]
    setFence(two, 'sealed')
    expect(() => Object.assign(a, { name: 'x' })).toThrow(StoreSealedError)
    setFence(two, 'active')
    a.name = 'y'
    expect(two.findFirst(Note, Note.name.equals('y'))?.storeID).toBe(1)
  })

  it.each(['this connection', 'another one'])('%s may make it where none was before', who => {
    const directory = `${temporaryDirectory()}/a.axiom`
    using one = Store.create(directory)
    using two = Store.open(directory)
    const [a] = threeNotes(one) as [Note]
    a.name = 'nothing in the way'
    setFence(who === 'this connection' ? one : two, 'sealed')
    expect(() => Object.assign(a, { name: 'x' })).toThrow(StoreSealedError)
  })

  it('a rollback that undid it deceives nobody about the one that is made next', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    using one = Store.create(directory)
    using two = Store.open(directory)
    const undone = () =>
      one.transact(() => {
        one.sql.exec('CREATE TABLE mantissa_other (a)')
        one.transact(() => undefined)
        throw new Error('undo')
      })
    expect(undone).toThrow('undo')
    setFence(two, 'sealed')
    expect(undone).toThrow(StoreSealedError)
    setFence(two, 'active')
    expect(undone).toThrow('undo')
    two.transact(() => two.sql.run("UPDATE mantissa_fence SET state = 'sealed'"))
    expect(undone).toThrow(StoreSealedError)
  })

  it('an empty table is no fence, until it is filled', () => {
    using store = Store.inMemory()
    store.transact(() => store.sql.exec(CREATE_FENCE_TABLE))
    threeNotes(store)
    store.transact(() => store.sql.run("INSERT INTO mantissa_fence VALUES (1, 'store', 1, 'site', 'retired', NULL, 0)"))
    expect(() => threeNotes(store)).toThrow(StoreSealedError)
  })

  it('those who change the fence may write, and their transaction is one like any other', () => {
    using store = Store.inMemory()
    setFence(store, 'sealed')
    store.transact(() => store.create(Note, { name: 'by the mover' }), { ignoreFence: true })
    expect(() =>
      store.transact(
        () => {
          throw new Error('undo')
        },
        { ignoreFence: true },
      ),
    ).toThrow('undo')
    expect(store.query(Note).count()).toBe(1)
  })
})
