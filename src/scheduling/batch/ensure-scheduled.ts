import { Timestamp } from '../../store-engine/attributes/timestamp.js'
import { and } from '../../store-engine/queries/comparison.js'
import { SubStore } from '../../store-engine/sub-store.js'
import { createHook, scheduledTick } from '../parent-hook.js'
import { TimedEvent } from '../timed-event.js'
import { type BatchProcessor, STYLE_NUMBER } from './batch-processor.js'
import { ReliableListener } from './reliable-listener.js'

/**
 * Has the scheduler run a processor now, unless it will run it anyway or no listener waits for that. It is the event that
 * counts, not what the processor says of it: one that was lost is made anew.
 */
export function ensureScheduled(processor: BatchProcessor): void {
  const { store } = processor
  store.transact(() => {
    const local = ReliableListener.style.equals(STYLE_NUMBER.local)
    if (store.findFirst(ReliableListener, and(ReliableListener.processor.equals(processor), local)) === undefined)
      return
    if (store.findFirst(TimedEvent, TimedEvent.runnable.equals(processor)) !== undefined) return
    const now = Timestamp.fromDate(new Date())
    store.create(TimedEvent, { runnable: processor, time: now })
    processor.scheduled = now
    haveSiteLook(processor, now)
  })
}

/** The site has to open a user's store in time. */
function haveSiteLook({ store: { parent, idInParent } }: BatchProcessor, when: Timestamp): void {
  const subStore = parent === null || idInParent === null ? undefined : parent.findItemById(idInParent)
  if (parent === null || parent.readonly || !(subStore instanceof SubStore)) return
  const known = scheduledTick(parent, subStore)
  if (known === null || known.compare(when) > 0) createHook(parent, subStore, when)
}
