import { Timestamp } from '../../store-engine/attributes/timestamp.js'
import { UnknownItemTypeError } from '../../store-engine/errors.js'
import { Item } from '../../store-engine/items/item.js'
import { and } from '../../store-engine/queries/comparison.js'
import {
  type BatchFailure,
  type BatchListener,
  type BatchProcessor,
  type BatchStyle,
  STYLE_NUMBER,
  type StepOutcome,
} from './batch-processor.js'
import { forgetFailures, recordFailure } from './failures.js'
import { ReliableListener } from './reliable-listener.js'
import { nextTurn } from './turns.js'

/** Gives one item to each listener of a style, who waited longest first. See BatchProcessor.step. */
export function stepProcessor(processor: BatchProcessor, style: BatchStyle): StepOutcome {
  const where = and(ReliableListener.processor.equals(processor), ReliableListener.style.equals(STYLE_NUMBER[style]))
  const all = processor.store.query(ReliableListener, { where, sort: ReliableListener.lastRun.ascending }).toArray()
  const given = all.flatMap(reliable => giveNext(processor, reliable) ?? [])
  return {
    given: given.length,
    failures: given.filter(outcome => outcome !== 'done'),
    more: all.some(reliable => hasTurn(processor, reliable)),
  }
}

/** Whether there is code for the listener here, and something to give to it. A listener without code loses nothing. */
function hasTurn(processor: BatchProcessor, reliable: ReliableListener): boolean {
  return findListener(reliable) !== undefined && nextTurn(reliable, processor.unitClass) !== undefined
}

/** One transaction: the mark, and what the listener did or the record of its failure. Undefined when nothing was given. */
function giveNext(processor: BatchProcessor, reliable: ReliableListener): 'done' | BatchFailure | undefined {
  if (!hasTurn(processor, reliable)) return undefined
  return processor.store.transact(() => {
    const listener = findListener(reliable)
    // Others may have given it meanwhile.
    const turn = nextTurn(reliable, processor.unitClass)
    if (listener === undefined || turn === undefined) return undefined
    turn.take()
    reliable.lastRun = Timestamp.fromDate(new Date())
    return attempt(processor, listener, turn.unit)
  })
}

function attempt(processor: BatchProcessor, listener: Item & BatchListener, unit: Item): 'done' | BatchFailure {
  forgetFailures(processor, listener, unit)
  try {
    processor.store.transact(() => listener.processItem(unit))
    return 'done'
  } catch (error) {
    return recordFailure(processor, listener, unit, error)
  }
}

/** The listener, while its registration stands; undefined where it is gone or there is no code for it. */
function findListener(reliable: ReliableListener): (Item & BatchListener) | undefined {
  if (!reliable.isStored) return undefined
  try {
    const { listener } = reliable
    return listener instanceof Item && isListener(listener) ? listener : undefined
  } catch (error) {
    if (error instanceof UnknownItemTypeError) return undefined
    throw error
  }
}

/** An asynchronous method would go on writing after its transaction, so it makes no listener. */
export function isListener(item: Item): item is Item & BatchListener {
  const { processItem } = item as Partial<BatchListener>
  return typeof processItem === 'function' && Object.prototype.toString.call(processItem) === '[object Function]'
}
