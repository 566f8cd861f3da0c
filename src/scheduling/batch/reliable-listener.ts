import { bytes, integer, timestamp } from '../../store-engine/attributes/attributes.js'
import { reference } from '../../store-engine/attributes/reference.js'
import { item } from '../../store-engine/items/item.js'
import { registerItemTypes } from '../../store-engine/items/registry.js'

/**
 * That a listener is given the items of a processor, and how far it has come: it has had its turn with every item
 * from `backwardMark` to `forwardMark`, and those outside are still to come.
 */
export class ReliableListener extends item({
  typeName: 'axiom_batch__reliablelistener',
  version: 1,
  module: 'axiom.batch',
  attributes: {
    processor: reference({ doc: 'the processor that gives the items' }),
    listener: reference({ doc: 'the item that takes them' }),
    backwardMark: integer({ doc: 'items with smaller numbers are still to come' }),
    forwardMark: integer({ doc: 'items with larger numbers are still to come' }),
    lastRun: timestamp({ doc: 'when the listener was last given an item' }),
    style: integer({ doc: '0: given by the scheduler of the store; 1: by a batch worker' }),
  },
}) {}

/** An item that a listener is to be given although its marks have passed it. */
export class ReliableTracker extends item({
  typeName: 'axiom_batch__reliabletracker',
  version: 1,
  module: 'axiom.batch',
  attributes: {
    processor: reference({ doc: 'the processor of the listener' }),
    listener: reference(() => ReliableListener, { doc: 'whose turn it will be' }),
    item: reference({ doc: 'what it will be given' }),
  },
}) {}

/** That a listener has failed with an item. */
export class BatchProcessingError extends item({
  typeName: 'axiom_batch_batchprocessingerror',
  version: 1,
  module: 'axiom.batch',
  attributes: {
    processor: reference({ doc: 'the processor that gave the item' }),
    listener: reference({ doc: 'the item that failed' }),
    item: reference({ doc: 'the item that it failed with' }),
    error: bytes({ doc: 'the message of the error, in UTF-8' }),
  },
}) {}
registerItemTypes(ReliableListener, ReliableTracker, BatchProcessingError)
