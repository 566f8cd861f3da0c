import { boolean, integer, text } from '../../src/store-engine/attributes/attributes.js'
import { reference } from '../../src/store-engine/attributes/reference.js'
import { item } from '../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../src/store-engine/items/registry.js'
import { Store } from '../../src/store-engine/store.js'

/** A plain item for tests of the engine that care for no attribute in particular. */
export class Note extends item({
  typeName: 'engine_note',
  version: 1,
  module: 'axiom.item',
  attributes: {
    name: text({ allowNull: false, indexed: true }),
    length: integer({ default: 3 }),
    pinned: boolean({ allowNull: false, default: false }),
    parent: reference(),
  },
}) {}

/** Remembers which of its callbacks ran, in memory only. */
export class Witness extends item({
  typeName: 'engine_witness',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text(), count: integer({ default: 0 }) },
}) {
  readonly seen: string[] = []

  override activate(): void {
    this.seen.push(`activate ${this.name}`)
  }

  override stored(): void {
    this.seen.push('stored')
  }

  override committed(): void {
    this.seen.push(`committed ${this.count}`)
  }

  override deleted(): void {
    this.seen.push('deleted')
  }
}

registerItemTypes(Note, Witness)

export function threeNotes(store: { create(itemClass: typeof Note, attributes: { name: string }): Note }): Note[] {
  return ['a', 'b', 'c'].map(name => store.create(Note, { name }))
}

/** A store in memory with notes called n0, n1, n2, n0 … and numbered by their length from 0. */
export function numberedNotes(count: number): Store {
  const store = Store.inMemory()
  store.batchInsert(
    Note,
    Array.from({ length: count }, (_, index) => ({ name: `n${index % 3}`, length: index })),
  )
  return store
}
