import { boolean, textList } from '../store-engine/attributes/attributes.js'
import { item } from '../store-engine/items/item.js'
import { registerItemTypes } from '../store-engine/items/registry.js'

/** In the site store: powerup classes, by name, that are installed together. A class is in one product at most. */
export class Product extends item({
  typeName: 'xmantissa_product_product',
  version: 1,
  module: 'xmantissa.product',
  attributes: { types: textList() },
}) {}

/** In a user store: the record that a product was installed there, and which items that made. */
export class Installation extends item({
  typeName: 'xmantissa_product_installation',
  version: 1,
  module: 'xmantissa.product',
  attributes: {
    _items: textList({ doc: 'The storeIDs of the installed powerups.' }),
    suspended: boolean({ default: false }),
    types: textList({ doc: 'The class names of the product.' }),
  },
}) {}

registerItemTypes(Product, Installation)
