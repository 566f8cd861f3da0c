/** The types of `batch-items.ts` for the built program. */
import { integer, item, processor, reference, registerItemTypes, text } from '../../../dist/index.js'

export class Unit extends item({
  typeName: 'batch_unit',
  version: 1,
  module: 'axiom.item',
  attributes: { number: integer({ allowNull: false }) },
}) {}

export class Trace extends item({
  typeName: 'batch_trace',
  version: 1,
  module: 'axiom.item',
  attributes: { listener: reference(), number: integer({ allowNull: false }) },
}) {}

export class Tracer extends item({
  typeName: 'batch_tracer',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text(), dislikes: integer() },
}) {
  processItem(unit) {
    const number = this.name === 'child' ? this.store.idInParent : unit.number
    this.store.create(Trace, { listener: this, number })
    if (this.name === 'slow') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000)
    if (unit.number === this.dislikes) throw new Error(`${this.name} dislikes ${unit.number}`)
  }
}
registerItemTypes(Unit, Trace, Tracer)

export const UnitProcessor = processor(Unit)
