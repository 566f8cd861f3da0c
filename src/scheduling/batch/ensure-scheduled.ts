import { Timestamp } from '../../store-engine/attributes/timestamp.js'
import { and } from '../../store-engine/queries/comparison.js'
import { schedule } from '../scheduler.js'
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
    schedule(processor, now)
    processor.scheduled = now
  })
}
