import { boolean, integer, text, timestamp } from '../../dist/store-engine/attributes/attributes.js'
import { item } from '../../dist/store-engine/items/item.js'
import { registerItemTypes } from '../../dist/store-engine/items/registry.js'

/** As many item types as a store of somebody with several applications has. */
export const manyTypes = Array.from(
  { length: 40 },
  (_, index) =>
    class extends item({
      typeName: `bench_type_${index}`,
      version: 1,
      module: 'axiom.item',
      attributes: {
        title: text({ allowNull: false, indexed: true }),
        body: text(),
        rank: integer(),
        pinned: boolean({ allowNull: false, default: false }),
        when: timestamp(),
      },
    }) {},
)
registerItemTypes(...manyTypes)
