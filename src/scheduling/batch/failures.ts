import { Item } from '../../store-engine/items/item.js'
import { and } from '../../store-engine/queries/comparison.js'
import type { BatchFailure, BatchProcessor } from './batch-processor.js'
import { BatchProcessingError } from './reliable-listener.js'

/** Notes that a listener failed with an item, and returns what was noted. */
export function recordFailure(processor: BatchProcessor, listener: Item, unit: Item, error: unknown): BatchFailure {
  const message = error instanceof Error ? error.message : String(error)
  const { store } = processor
  store.create(BatchProcessingError, { processor, listener, item: unit, error: Buffer.from(message) })
  return { listener, item: unit, message }
}

/** Forgets the failures of a listener, with one item or with all. */
export function forgetFailures(processor: BatchProcessor, listener: Item, unit?: Item): void {
  const ofListener = [BatchProcessingError.processor.equals(processor), BatchProcessingError.listener.equals(listener)]
  const where = and(...ofListener, ...(unit === undefined ? [] : [BatchProcessingError.item.equals(unit)]))
  processor.store.query(BatchProcessingError, { where }).deleteFromStore()
}

export function listFailures(processor: BatchProcessor): BatchFailure[] {
  const where = BatchProcessingError.processor.equals(processor)
  return [...processor.store.query(BatchProcessingError, { where })].map(({ listener, item, error }) => ({
    listener: itemOrNull(listener),
    item: itemOrNull(item),
    message: Buffer.from(error ?? []).toString('utf8'),
  }))
}

function itemOrNull(value: unknown): Item | null {
  return value instanceof Item ? value : null
}
