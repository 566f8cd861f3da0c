/** Things that the tests of sharing share, with interfaces by which they do. */
import { integer, text } from '../../src/store-engine/attributes/attributes.js'
import { reference } from '../../src/store-engine/attributes/reference.js'
import { item } from '../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../src/store-engine/items/registry.js'
import { registerAdapter } from '../../src/store-engine/powerups/adapt.js'
import { defineInterface } from '../../src/store-engine/powerups/interface.js'

interface Weighed {
  readonly grams: number
  describe(): string
}

export const IReadable = defineInterface('test.sharing.IReadable', ['title', 'summary'])
export const IWritable = defineInterface('test.sharing.IWritable', ['rename'])
export const ISibling = defineInterface('test.sharing.ISibling', ['title', 'weight'])
export const IKeeper = defineInterface('test.sharing.IKeeper', ['store', 'title'])
export const ILeaky = defineInterface('test.sharing.ILeaky', ['itself', 'friend', 'friends', 'all', 'promised'])
export const IWeighed = defineInterface<Weighed>('test.sharing.IWeighed', ['grams', 'describe'])

export class Thing extends item({
  typeName: 'test_sharing_thing',
  version: 1,
  module: 'axiom.item',
  attributes: {
    title: text({ allowNull: false }),
    weight: integer({ allowNull: false, default: 0 }),
    secret: text({ default: 'the secret' }),
    friend: reference(),
  },
  powerupInterfaces: [IReadable, IWritable],
}) {
  summary(length: number): string {
    return this.title.slice(0, length)
  }

  rename(title: string): void {
    this.title = title
  }

  itself(): this {
    return this
  }

  friends(): readonly Thing[] {
    return [this]
  }

  all(): unknown {
    return this.store.query(Thing)
  }

  async promised(): Promise<this> {
    return this
  }
}
registerItemTypes(Thing)
registerAdapter(
  Thing,
  IWeighed,
  (thing): Weighed => ({
    grams: thing.weight * 1000,
    describe() {
      return `${this.grams} g`
    },
  }),
)
