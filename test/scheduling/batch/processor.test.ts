import { describe, expect, it } from 'vitest'
import { IBatchProcessor } from '../../../src/scheduling/batch/batch-processor.js'
import { processor } from '../../../src/scheduling/batch/processor.js'
import {
  BatchProcessingError,
  ReliableListener,
  ReliableTracker,
} from '../../../src/scheduling/batch/reliable-listener.js'
import { scheduledTick } from '../../../src/scheduling/parent-hook.js'
import { TimedEvent } from '../../../src/scheduling/timed-event.js'
import { integer, text } from '../../../src/store-engine/attributes/attributes.js'
import { type Item, item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import { Store } from '../../../src/store-engine/store.js'
import { SubStore } from '../../../src/store-engine/sub-store.js'
import { statementsOf } from '../../store-engine/statements-of.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { createUnits, Trace, Tracer, tracesOf, Unit, UnitProcessor } from './batch-items.js'

type Processor = InstanceType<typeof UnitProcessor>

function inMemory(): { store: Store; batch: Processor } {
  const store = Store.inMemory()
  return { store, batch: store.create(UnitProcessor, {}) }
}

/** Steps until there is nothing left; returns how many steps gave something. */
function drain(batch: Processor, style?: 'local' | 'remote'): number {
  for (let steps = 0; steps < 1000; steps += 1) if (!batch.step(style).more) return steps
  throw new Error('there is no end to it')
}

describe('the class of processors for a class of items', () => {
  it('is made once, and called after the type', () => {
    expect(processor(Unit)).toBe(UnitProcessor)
    expect(UnitProcessor.itemType).toMatchObject({
      typeName: 'axiom_item_batch_batch_unit',
      version: 2,
      module: 'axiom.item',
    })
  })

  it('is called as Axiom calls it, where the name follows from the type', () => {
    const Message = item({
      typeName: 'xquotient_exmess_Message',
      version: 1,
      module: 'xquotient.exmess',
      attributes: { a: text() },
    })
    expect(processor(Message).itemType).toMatchObject({
      typeName: 'xquotient_exmess_batch_message',
      module: 'xquotient.exmess',
    })
    const Named = item({ typeName: 'quotient_thing', version: 1, module: 'xquotient.thing', attributes: { a: text() } })
    expect(processor(Named, 'xquotient_thing_batch_thing').itemType.typeName).toBe('xquotient_thing_batch_thing')
  })

  it('makes processors that their store answers with', () => {
    const { store, batch } = inMemory()
    expect(store.powerupsFor(IBatchProcessor)).toEqual([batch])
    expect([batch.busyInterval, batch.scheduled]).toEqual([100, null])
  })

  it('lies on disk as the original writes it', () => {
    const { store, batch } = inMemory()
    const listener = store.create(Tracer, { dislikes: 1 })
    batch.addReliableListener(listener)
    const [unit] = createUnits(store, 1) as [Unit]
    batch.step()
    batch.addItem(listener, unit)
    batch.step()
    batch.addItem(listener, unit)
    const types = [UnitProcessor, ReliableListener, ReliableTracker, BatchProcessingError].map(
      each => each.itemType.typeName,
    )
    expect(statementsOf(store, ...types)).toEqual([
      'CREATE INDEX axiomidx_axiom_batch__reliablelistener_v1_listener ON item_axiom_batch__reliablelistener_v1([listener])',
      'CREATE INDEX axiomidx_axiom_batch__reliablelistener_v1_processor ON item_axiom_batch__reliablelistener_v1([processor])',
      'CREATE INDEX axiomidx_axiom_batch__reliabletracker_v1_item ON item_axiom_batch__reliabletracker_v1([item])',
      'CREATE INDEX axiomidx_axiom_batch__reliabletracker_v1_listener ON item_axiom_batch__reliabletracker_v1([listener])',
      'CREATE INDEX axiomidx_axiom_batch__reliabletracker_v1_processor ON item_axiom_batch__reliabletracker_v1([processor])',
      'CREATE INDEX axiomidx_axiom_batch_batchprocessingerror_v1_item ON item_axiom_batch_batchprocessingerror_v1([item])',
      'CREATE INDEX axiomidx_axiom_batch_batchprocessingerror_v1_listener ON item_axiom_batch_batchprocessingerror_v1([listener])',
      'CREATE INDEX axiomidx_axiom_batch_batchprocessingerror_v1_processor ON item_axiom_batch_batchprocessingerror_v1([processor])',
      'CREATE TABLE item_axiom_batch__reliablelistener_v1 (oid INTEGER PRIMARY KEY, [backwardMark] INTEGER, [forwardMark] INTEGER, [lastRun] INTEGER, [listener] INTEGER, [processor] INTEGER, [style] INTEGER)',
      'CREATE TABLE item_axiom_batch__reliabletracker_v1 (oid INTEGER PRIMARY KEY, [item] INTEGER, [listener] INTEGER, [processor] INTEGER)',
      'CREATE TABLE item_axiom_batch_batchprocessingerror_v1 (oid INTEGER PRIMARY KEY, [error] BLOB, [item] INTEGER, [listener] INTEGER, [processor] INTEGER)',
      'CREATE TABLE item_axiom_item_batch_batch_unit_v2 (oid INTEGER PRIMARY KEY, [busyInterval] INTEGER, [scheduled] INTEGER)',
    ])
  })
})

describe('listeners', () => {
  it('are registered once, in order, and told until they are removed', () => {
    const { store, batch } = inMemory()
    const [a, b] = [store.create(Tracer, {}), store.create(Tracer, {})]
    for (const each of [a, b, a]) batch.addReliableListener(each)
    expect(batch.getReliableListeners()).toEqual([a, b])
    createUnits(store, 1)
    batch.removeReliableListener(a)
    batch.removeReliableListener(a)
    drain(batch)
    expect([batch.getReliableListeners(), tracesOf(a), tracesOf(b)]).toEqual([[b], [], [1]])
  })

  it('have a synchronous method processItem', () => {
    const { store, batch } = inMemory()
    const [unit] = createUnits(store, 1)
    for (const each of [unit, store.create(Later, {})])
      expect(() => batch.addReliableListener(each as never)).toThrow(expect.objectContaining({ code: 'CONSTRAINT' }))
    expect(batch.getReliableListeners()).toEqual([])
  })

  it('are given new items forwards, then those that were there backwards', () => {
    const { store, batch } = inMemory()
    createUnits(store, 0, 1)
    const a = store.create(Tracer, {})
    batch.addReliableListener(a)
    createUnits(store, 2, 3)
    const b = store.create(Tracer, {})
    batch.addReliableListener(b)
    createUnits(store, 4, 5)
    drain(batch)
    expect(tracesOf(a)).toEqual([2, 3, 4, 5, 1, 0])
    expect(tracesOf(b)).toEqual([4, 5, 3, 2, 1, 0])
    createUnits(store, 6)
    expect(batch.step()).toEqual({ given: 2, failures: [], more: false })
    expect(tracesOf(a).at(-1)).toBe(6)
  })

  it('each get one item at a step, and a step without work writes nothing', () => {
    const { store, batch } = inMemory()
    const [a, b] = [store.create(Tracer, {}), store.create(Tracer, {})]
    for (const each of [a, b]) batch.addReliableListener(each)
    createUnits(store, 1, 2)
    expect(batch.step()).toEqual({ given: 2, failures: [], more: true })
    expect([tracesOf(a), tracesOf(b)]).toEqual([[1], [1]])
    expect(batch.step().more).toBe(false)
    const writes = store.engine.moment
    expect(batch.step()).toEqual({ given: 0, failures: [], more: false })
    expect(store.engine.moment).toBe(writes)
  })

  it('of one style only are given something at a step', () => {
    const { store, batch } = inMemory()
    const [local, remote] = [store.create(Tracer, {}), store.create(Tracer, {})]
    batch.addReliableListener(local)
    batch.addReliableListener(remote, 'remote')
    createUnits(store, 1)
    drain(batch, 'remote')
    expect([tracesOf(local), tracesOf(remote)]).toEqual([[], [1]])
    drain(batch)
    expect([tracesOf(local), tracesOf(remote)]).toEqual([[1], [1]])
  })

  it('that were deleted get nothing, and hold nobody up', () => {
    const { store, batch } = inMemory()
    const [a, b] = [store.create(Tracer, {}), store.create(Tracer, {})]
    for (const each of [a, b]) batch.addReliableListener(each)
    createUnits(store, 1)
    a.deleteFromStore()
    expect(batch.step()).toEqual({ given: 1, failures: [], more: false })
    expect(batch.getReliableListeners()).toEqual([b])
    batch.removeReliableListener(a)
    expect(
      store
        .query(ReliableListener)
        .toArray()
        .map(each => each.listener),
    ).toEqual([b])
  })

  it('without code here lose nothing and hold nobody up', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    using store = Store.create(directory)
    const batch = store.create(UnitProcessor, {})
    const [a, b] = [store.create(Tracer, {}), store.create(Tracer, {})]
    for (const each of [a, b]) batch.addReliableListener(each)
    createUnits(store, 1)
    const retype = (typeName: string) =>
      store.transact(() =>
        store.sql.run("UPDATE axiom_types SET typename = ? WHERE typename IN ('batch_tracer', 'strange')", typeName),
      )
    const rename = (from: string, to: string) =>
      store.transact(() => store.sql.exec(`ALTER TABLE item_${from}_v1 RENAME TO item_${to}_v1`))
    retype('strange')
    rename('batch_tracer', 'strange')
    {
      using elsewhere = Store.open(directory)
      expect(elsewhere.findUnique(UnitProcessor).step()).toEqual({ given: 0, failures: [], more: false })
    }
    retype('batch_tracer')
    rename('strange', 'batch_tracer')
    using again = Store.open(directory)
    expect(again.findUnique(UnitProcessor).step().given).toBe(2)
  })
})

describe('items', () => {
  it('that are created while others are processed have their turn', () => {
    const { store, batch } = inMemory()
    const listener = store.create(Tracer, {})
    listener.also.push(({ number }) => {
      if (number < 5) createUnits(store, number + 1)
    })
    batch.addReliableListener(listener)
    createUnits(store, 0)
    drain(batch)
    expect(tracesOf(listener)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('that are deleted before their turn have none, asked for again or not', () => {
    const { store, batch } = inMemory()
    const listener = store.create(Tracer, {})
    const [first] = createUnits(store, 0) as [Unit]
    batch.addReliableListener(listener)
    const [second, third] = createUnits(store, 1, 2) as [Unit, Unit]
    second.deleteFromStore()
    batch.step()
    batch.addItem(listener, third)
    third.deleteFromStore()
    first.deleteFromStore()
    expect(batch.step()).toEqual({ given: 0, failures: [], more: false })
    expect(tracesOf(listener)).toEqual([2])
  })

  it('may be deleted by a listener', () => {
    const { store, batch } = inMemory()
    const [a, b] = [store.create(Tracer, {}), store.create(Tracer, {})]
    for (const each of [a, b]) batch.addReliableListener(each)
    a.also.push(unit => unit.deleteFromStore())
    createUnits(store, 1, 2)
    drain(batch)
    expect([tracesOf(a), tracesOf(b), store.query(Unit).count()]).toEqual([[1, 2], [2], 0])
  })

  it('are given again when asked for, once, and not when their turn is still to come', () => {
    const { store, batch } = inMemory()
    const [zero, one] = createUnits(store, 0, 1) as [Unit, Unit]
    const listener = store.create(Tracer, {})
    batch.addReliableListener(listener)
    const [two, three] = createUnits(store, 2, 3) as [Unit, Unit]
    for (const unit of [one, two]) batch.addItem(listener, unit)
    drain(batch)
    expect(tracesOf(listener)).toEqual([2, 3, 1, 0])
    for (const unit of [three, zero, three]) batch.addItem(listener, unit)
    createUnits(store, 4)
    drain(batch)
    expect(tracesOf(listener)).toEqual([2, 3, 1, 0, 3, 0, 4])
    expect(store.query(ReliableTracker).count()).toBe(0)
  })

  it('of another type, or for somebody else, are refused', () => {
    const { store, batch } = inMemory()
    const listener = store.create(Tracer, {})
    const [unit] = createUnits(store, 1) as [Unit]
    expect(() => batch.addItem(listener, unit)).toThrow(expect.objectContaining({ code: 'CONSTRAINT' }))
    batch.addReliableListener(listener)
    expect(() => batch.addItem(listener, listener as never)).toThrow(expect.objectContaining({ code: 'CONSTRAINT' }))
  })
})

describe('a listener that fails', () => {
  it('has its changes undone, its failure recorded, and goes on; another listener does not notice', () => {
    const { store, batch } = inMemory()
    const [good, bad] = [store.create(Tracer, {}), store.create(Tracer, { name: 'bad', dislikes: 2 })]
    for (const each of [bad, good]) batch.addReliableListener(each)
    const [, second] = createUnits(store, 1, 2, 3) as Unit[]
    batch.step()
    const failure = { listener: bad, item: second, message: 'bad dislikes 2' }
    expect(batch.step()).toEqual({ given: 2, failures: [failure], more: true })
    drain(batch)
    expect([tracesOf(good), tracesOf(bad)]).toEqual([
      [1, 2, 3],
      [1, 3],
    ])
    expect(batch.getFailedItems()).toEqual([failure])
  })

  it('is given the item again when asked, and the record goes when it succeeds', () => {
    const { store, batch } = inMemory()
    const bad = store.create(Tracer, { dislikes: 2 })
    batch.addReliableListener(bad)
    const [, second] = createUnits(store, 1, 2) as [Unit, Unit]
    drain(batch)
    batch.addItem(bad, second)
    drain(batch)
    expect(batch.getFailedItems()).toHaveLength(1)
    bad.dislikes = null
    batch.addItem(bad, second)
    drain(batch)
    expect([tracesOf(bad), batch.getFailedItems()]).toEqual([[1, 2], []])
  })

  it('is forgotten with its failures and what it was to be given again', () => {
    const { store, batch } = inMemory()
    const [bad, other] = [store.create(Tracer, { dislikes: 1 }), store.create(Tracer, { dislikes: 1 })]
    const [unit] = createUnits(store, 1) as [Unit]
    for (const each of [bad, other]) batch.addReliableListener(each)
    drain(batch)
    batch.addItem(other, unit)
    batch.removeReliableListener(other)
    batch.removeReliableListener(bad)
    expect([ReliableListener, ReliableTracker, BatchProcessingError].map(each => store.query(each).count())).toEqual([
      0, 0, 0,
    ])
  })

  it('by giving a promise is one that fails', () => {
    const { store, batch } = inMemory()
    const listener = store.create(Promising, {})
    batch.addReliableListener(listener)
    createUnits(store, 1)
    expect(batch.step().failures).toMatchObject([{ listener, message: expect.stringContaining('synchronous') }])
    expect(store.query(Trace).count()).toBe(0)
  })

  it('may delete itself and what it was given, and is recorded as far as it is still there', () => {
    const { store, batch } = inMemory()
    const bad = store.create(Tracer, { dislikes: 1 })
    const [unit] = createUnits(store, 1) as [Unit]
    batch.addReliableListener(bad)
    drain(batch)
    unit.deleteFromStore()
    expect(batch.getFailedItems()).toMatchObject([{ listener: bad, item: null }])
    bad.deleteFromStore()
    expect(batch.getFailedItems()).toMatchObject([{ listener: null, item: null }])
  })
})

describe('the scheduler', () => {
  const events = (store: Store) => store.query(TimedEvent).toArray()

  it('is asked for a run when a local listener is added or an item is, once', () => {
    const { store, batch } = inMemory()
    batch.itemAdded()
    batch.addReliableListener(store.create(Tracer, {}), 'remote')
    expect([events(store), batch.scheduled]).toEqual([[], null])
    batch.addReliableListener(store.create(Tracer, {}))
    batch.itemAdded()
    const [event, ...others] = events(store)
    expect(event).toMatchObject({ runnable: batch, time: batch.scheduled })
    expect(others).toEqual([])
  })

  it('is asked again when the processor has rested, and when its event was lost', () => {
    const { store, batch } = inMemory()
    batch.addReliableListener(store.create(Tracer, {}))
    store.query(TimedEvent).deleteFromStore()
    batch.itemAdded()
    expect(events(store)).toHaveLength(1)
  })

  it('is told when to run again, while there is something left', () => {
    const { store, batch } = inMemory()
    const listener = store.create(Tracer, { dislikes: 2 })
    batch.addReliableListener(listener)
    batch.busyInterval = 3000
    createUnits(store, 1, 2)
    const before = Date.now()
    const next = batch.run()
    const inMilliseconds = Number(next?.microseconds) / 1000 - before
    expect(inMilliseconds).toBeGreaterThanOrEqual(3000)
    expect(inMilliseconds).toBeLessThan(4000)
    expect(batch.scheduled).toEqual(next)
    expect([batch.run(), batch.scheduled, tracesOf(listener)]).toEqual([null, null, [1]])
    expect(batch.getFailedItems()).toHaveLength(1)
  })

  it('has the site look into the store of a user in time', () => {
    using site = Store.create(`${temporaryDirectory()}/site.axiom`)
    const subStore = SubStore.createNew(site, ['user.axiom'])
    const store = subStore.open()
    const batch = store.create(UnitProcessor, {})
    batch.addReliableListener(store.create(Tracer, {}))
    expect(scheduledTick(site, subStore)).toEqual(batch.scheduled)
  })
})

describe('a processor of version 1', () => {
  it('is upgraded and run once', () => {
    using store = Store.create(`${temporaryDirectory()}/a.axiom`)
    store.create(OldProcessor, { busyInterval: 250, idleInterval: 60_000, rate: 10 })
    const from = OldProcessor.itemType.typeName
    const to = UnitProcessor.itemType.typeName
    store.transact(() => {
      store.sql.exec(`ALTER TABLE item_${from}_v1 RENAME TO item_${to}_v1`)
      store.sql.run('UPDATE axiom_types SET typename = ? WHERE typename = ?', to, from)
    })
    using again = Store.open(String(store.directory))
    const batch = again.findUnique(UnitProcessor)
    expect(batch.busyInterval).toBe(250)
    expect(again.findUnique(TimedEvent)).toMatchObject({ runnable: batch, time: batch.scheduled })
    expect(batch.run()).toBeNull()
  })
})

class Later extends item({ typeName: 'batch_later', version: 1, module: 'axiom.item', attributes: { name: text() } }) {
  async processItem(unit: Item): Promise<void> {
    await undefined
    this.store.create(Trace, { number: unit.storeID })
  }
}

class Promising extends item({
  typeName: 'batch_promising',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text() },
}) {
  processItem(unit: Item): unknown {
    this.store.create(Trace, { number: unit.storeID })
    return Promise.resolve()
  }
}

class OldProcessor extends item({
  typeName: 'batch_old_processor',
  version: 1,
  module: 'axiom.item',
  attributes: { busyInterval: integer(), idleInterval: integer(), rate: integer() },
}) {}
registerItemTypes(Later, Promising, OldProcessor)
