import { ConstraintError } from '../../store-engine/errors.js'
import { Item } from '../../store-engine/items/item.js'
import { and } from '../../store-engine/queries/comparison.js'
import { StoreIDColumn } from '../../store-engine/queries/store-id-column.js'
import { type BatchProcessor, type BatchStyle, STYLE_NUMBER } from './batch-processor.js'
import { forgetFailures } from './failures.js'
import { ReliableListener, ReliableTracker } from './reliable-listener.js'
import { isListener } from './step.js'

/** See BatchProcessor.addReliableListener. The marks are put around the newest item, so that all are outside of them. */
export function addListener(processor: BatchProcessor, listener: Item, style: BatchStyle): void {
  if (!isListener(listener)) throw new ConstraintError(`${listener} has no synchronous method processItem`)
  const { store, unitClass } = processor
  store.transact(() => {
    if (find(processor, listener) !== undefined) return
    const newest = store.findFirst(unitClass, undefined, {
      sort: new StoreIDColumn(unitClass.itemType.source).descending,
    })
    store.create(ReliableListener, {
      processor,
      listener,
      style: STYLE_NUMBER[style],
      forwardMark: newest?.storeID ?? 0,
      backwardMark: newest === undefined ? 0 : newest.storeID + 1,
    })
  })
}

/** See BatchProcessor.removeReliableListener. */
export function removeListener(processor: BatchProcessor, listener: Item): void {
  const { store } = processor
  store.transact(() => {
    const reliable = find(processor, listener)
    if (reliable === undefined) return
    store.query(ReliableTracker, { where: ReliableTracker.listener.equals(reliable) }).deleteFromStore()
    forgetFailures(processor, listener)
    reliable.deleteFromStore()
  })
}

export function listListeners(processor: BatchProcessor): Item[] {
  const where = ReliableListener.processor.equals(processor)
  return [...processor.store.query(ReliableListener, { where })].flatMap(({ listener }) =>
    listener instanceof Item ? [listener] : [],
  )
}

/** See BatchProcessor.addItem. */
export function giveAgain(processor: BatchProcessor, listener: Item, unit: Item): void {
  const { store, unitClass } = processor
  if (!(unit instanceof unitClass)) throw new ConstraintError(`${unit} is no ${unitClass.itemType.typeName}`)
  store.transact(() => {
    const reliable = find(processor, listener)
    if (reliable === undefined) throw new ConstraintError(`${listener} is not registered with ${processor}`)
    if (!hasHadItsTurn(reliable, unit)) return
    forgetFailures(processor, listener, unit)
    store.findOrCreate(ReliableTracker, { processor, listener: reliable, item: unit })
  })
}

function find(processor: BatchProcessor, listener: Item): ReliableListener | undefined {
  const where = and(ReliableListener.processor.equals(processor), ReliableListener.listener.equals(listener))
  return processor.store.findFirst(ReliableListener, where)
}

function hasHadItsTurn({ backwardMark, forwardMark }: ReliableListener, { storeID }: Item): boolean {
  return storeID >= (backwardMark ?? 0) && storeID <= (forwardMark ?? 0)
}
