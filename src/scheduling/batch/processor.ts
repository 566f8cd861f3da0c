import { integer, timestamp } from '../../store-engine/attributes/attributes.js'
import { Timestamp } from '../../store-engine/attributes/timestamp.js'
import { type Item, type ItemConstructor, item } from '../../store-engine/items/item.js'
import type { ItemType } from '../../store-engine/items/item-type.js'
import { registerItemTypes } from '../../store-engine/items/registry.js'
import { registerUpgrader } from '../../store-engine/upgrades/upgrade.js'
import {
  type BatchFailure,
  type BatchListener,
  type BatchProcessor,
  type BatchStyle,
  IBatchProcessor,
  type StepOutcome,
} from './batch-processor.js'
import { ensureScheduled } from './ensure-scheduled.js'
import { listFailures } from './failures.js'
import { upgradeProcessor1 } from './processor-upgrade.js'
import { addListener, giveAgain, listListeners, removeListener } from './registration.js'
import { stepProcessor } from './step.js'

const BUSY_INTERVAL = 100

const processors = new WeakMap<ItemConstructor, BatchProcessorClass>()

const ATTRIBUTES = {
  busyInterval: integer({ default: BUSY_INTERVAL, doc: 'milliseconds between two runs while there is work' }),
  scheduled: timestamp({ doc: 'when the scheduler will run it next' }),
}

/** A class of processors; its items are created without giving any attribute. */
export type BatchProcessorClass<I extends Item = Item> = ItemConstructor<BatchProcessor<I>> & {
  readonly itemType: ItemType<typeof ATTRIBUTES>
}

/**
 * The class of processors for a class of items, made and registered at the first call: call it where the items' own
 * class is registered, so that stores with such a processor find it. `typeName` is for types whose processors exist
 * under a name that does not follow from theirs.
 */
export function processor<I extends Item>(
  unitClass: ItemConstructor<I>,
  typeName = processorTypeName(unitClass.itemType),
): BatchProcessorClass<I> {
  const known = processors.get(unitClass)
  if (known !== undefined) return known as unknown as BatchProcessorClass<I>
  const made = makeClass(unitClass, typeName)
  registerItemTypes(made)
  registerUpgrader({ typeName, from: 1, to: 2, upgrade: upgradeProcessor1 })
  processors.set(unitClass, made as unknown as BatchProcessorClass)
  return made
}

/**
 * `<module>_batch_<class>` in lower case, dots as underscores. Axiom's class is called what follows its module in the
 * typeName; types of other names are called by their whole typeName.
 */
function processorTypeName({ module, typeName }: ItemType): string {
  const place = `${module.replaceAll('.', '_')}_`.toLowerCase()
  const lower = typeName.toLowerCase()
  return `${place}batch_${lower.startsWith(place) ? lower.slice(place.length) : lower}`
}

function makeClass<I extends Item>(unitClass: ItemConstructor<I>, typeName: string): BatchProcessorClass<I> {
  const spec = { typeName, version: 2, module: unitClass.itemType.module, attributes: ATTRIBUTES }

  return class Processor extends item(spec) implements BatchProcessor<I> {
    override stored(): void {
      this.store.powerUp(this, IBatchProcessor)
    }

    get unitClass(): ItemConstructor<I> {
      return unitClass
    }

    addReliableListener(listener: Item & BatchListener<I>, style: BatchStyle = 'local'): void {
      this.store.transact(() => {
        addListener(this, listener, style)
        ensureScheduled(this)
      })
    }

    removeReliableListener(listener: Item): void {
      removeListener(this, listener)
    }

    getReliableListeners(): Item[] {
      return listListeners(this)
    }

    addItem(listener: Item, unit: I): void {
      this.store.transact(() => {
        giveAgain(this, listener, unit)
        ensureScheduled(this)
      })
    }

    getFailedItems(): BatchFailure[] {
      return listFailures(this)
    }

    itemAdded(): void {
      ensureScheduled(this)
    }

    step(style: BatchStyle = 'local'): StepOutcome {
      return stepProcessor(this, style)
    }

    run(): Timestamp | null {
      const { more } = this.step('local')
      const now = Timestamp.fromDate(new Date())
      const wait = BigInt(this.busyInterval ?? BUSY_INTERVAL) * 1000n
      const next = more ? Timestamp.fromMicroseconds(now.microseconds + wait) : null
      this.scheduled = next
      return next
    }
  }
}
