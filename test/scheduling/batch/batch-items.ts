import { processor } from '../../../src/scheduling/batch/processor.js'
import { integer, text } from '../../../src/store-engine/attributes/attributes.js'
import { reference } from '../../../src/store-engine/attributes/reference.js'
import { item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import type { Store } from '../../../src/store-engine/store.js'

/** What is to be processed; `script.mjs` of the crash tests defines the same types for the built program. */
export class Unit extends item({
  typeName: 'batch_unit',
  version: 1,
  module: 'axiom.item',
  attributes: { number: integer({ allowNull: false }) },
}) {}

/** What a listener has done in the store. */
export class Trace extends item({
  typeName: 'batch_trace',
  version: 1,
  module: 'axiom.item',
  attributes: { listener: reference(), number: integer({ allowNull: false }) },
}) {}

/** Leaves a trace for each unit, and then fails with those of a number that it dislikes. */
export class Tracer extends item({
  typeName: 'batch_tracer',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text(), dislikes: integer() },
}) {
  /** Called with each unit after the trace is left. */
  readonly also: ((unit: Unit) => void)[] = []

  processItem(unit: Unit): void {
    this.store.create(Trace, { listener: this, number: unit.number })
    if (unit.number === this.dislikes) throw new Error(`${this.name} dislikes ${unit.number}`)
    for (const each of this.also) each(unit)
  }
}
registerItemTypes(Unit, Trace, Tracer)

export const UnitProcessor = processor(Unit)

/** Makes units of these numbers. */
export function createUnits(store: Store, ...numbers: readonly number[]): Unit[] {
  return numbers.map(number => store.create(Unit, { number }))
}

/** The numbers of the units that a listener has processed, in order. */
export function tracesOf(listener: Tracer): number[] {
  return [...listener.store.query(Trace, { where: Trace.listener.equals(listener) })].map(({ number }) => number)
}
