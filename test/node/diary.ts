import type { ServiceHost } from '../../src/offerings/services.js'
import { IService } from '../../src/offerings/site-items/interfaces.js'
import { text } from '../../src/store-engine/attributes/attributes.js'
import { item } from '../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../src/store-engine/items/registry.js'

/** What diaries were told, in the order of its happening. */
export const told: string[] = []

/** A service that keeps a diary, and fails or hangs where its name says so. */
export class Diary extends item({
  typeName: 'test_diary',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text({ default: '' }) },
  powerupInterfaces: [IService],
}) {
  startService(_host: ServiceHost): void | Promise<void> {
    if (this.name === 'hanging') return new Promise(() => {})
    if (this.name === 'broken') throw new Error('it is broken')
    told.push(`start ${this.name}`)
  }

  stopService(): void {
    told.push(`stop ${this.name}`)
  }
}
registerItemTypes(Diary)
