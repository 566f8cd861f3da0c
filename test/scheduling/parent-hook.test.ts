import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createHook, earliestEvent, findHook, removeHook, scheduledTick } from '../../src/scheduling/parent-hook.js'
import { SubSchedulerParentHook, TimedEvent } from '../../src/scheduling/timed-event.js'
import { Timestamp } from '../../src/store-engine/attributes/timestamp.js'
import { Store } from '../../src/store-engine/store.js'
import { SubStore } from '../../src/store-engine/sub-store.js'
import { cloneFixture } from '../support/fixtures.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const at = (microseconds: bigint) => Timestamp.fromMicroseconds(microseconds)

function siteStoreWithUser(): { store: Store; subStore: SubStore } {
  const store = Store.create(join(temporaryDirectory(), 'site.axiom'))
  return { store, subStore: SubStore.createNew(store, ['account', 'b', 'a.axiom']) }
}

describe('the site and the events of its users', () => {
  it('knows the earliest event of a store, and none of a store that has none', () => {
    using store = Store.inMemory()
    expect(earliestEvent(store)).toBeNull()
    const runnable = store.create(SubSchedulerParentHook, {})
    store.create(TimedEvent, { runnable, time: at(20n) })
    store.create(TimedEvent, { runnable, time: at(10n) })
    store.create(TimedEvent, { runnable })
    expect(earliestEvent(store)?.microseconds).toBe(10n)
  })

  it('keeps one hook and one event per user store', () => {
    const { store, subStore } = siteStoreWithUser()
    createHook(store, subStore, at(10n))
    createHook(store, subStore, at(5n))
    expect(store.query(SubSchedulerParentHook).count()).toBe(1)
    expect(store.query(TimedEvent).count()).toBe(1)
    expect(scheduledTick(store, subStore)?.microseconds).toBe(5n)
    store.close()
  })

  it('forgets both together', () => {
    const { store, subStore } = siteStoreWithUser()
    createHook(store, subStore, at(10n))
    removeHook(store, subStore)
    removeHook(store, subStore)
    expect(findHook(store, subStore)).toBeUndefined()
    expect(scheduledTick(store, subStore)).toBeNull()
    expect(store.query(TimedEvent).count()).toBe(0)
    store.close()
  })

  it('reads what the original wrote', () => {
    using store = Store.open(cloneFixture('divmod-site.axiom'), { readonly: true })
    const alice = store.findUnique(
      SubStore,
      SubStore.storepath.equals(store.filePath('account', 'example.org', 'alice.axiom')),
    )
    using userStore = alice.open({ readonly: true })
    expect(scheduledTick(store, alice)?.microseconds).toBe(1_795_345_861_383_890n)
    expect(earliestEvent(userStore)?.microseconds).toBe(1_795_345_861_383_890n)
  })
})
