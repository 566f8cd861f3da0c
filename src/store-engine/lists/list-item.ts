import { integer } from '../attributes/attributes.js'
import { reference } from '../attributes/reference.js'
import { item } from '../items/item.js'
import { registerItemTypes } from '../items/registry.js'

/** One place in an ItemList. */
export class ListItem extends item({
  typeName: 'list_item',
  version: 1,
  module: 'axiom.sequence',
  attributes: {
    _index: integer({ doc: 'the position in the list, from 0' }),
    _value: reference({ doc: 'what is at the position' }),
    _container: reference({ doc: 'the list' }),
  },
}) {}
registerItemTypes(ListItem)
