import { text, timestamp } from '../attributes/attributes.js'
import { reference } from '../attributes/reference.js'
import { item } from '../items/item.js'
import { registerItemTypes } from '../items/registry.js'

/** "`object` is tagged `name` in `catalog`", by whom and when. Made and removed by a Catalog, which counts them. */
export class Tag extends item({
  typeName: 'tag',
  version: 1,
  module: 'axiom.tags',
  attributes: {
    name: text({ doc: 'the tag' }),
    created: timestamp({ doc: 'when the object was tagged' }),
    object: reference({ doc: 'what is tagged' }),
    catalog: reference({ doc: 'the catalog that the tag belongs to' }),
    tagger: reference({ doc: 'who or what tagged the object, where that is known' }),
  },
}) {}

/** A name that has been used in a catalog. It stays when the last object loses the tag. */
export class TagName extends item({
  typeName: 'tagname',
  version: 1,
  module: 'axiom.tags',
  attributes: {
    name: text({ indexed: true, doc: 'the tag' }),
    catalog: reference({ doc: 'the catalog in which it has been used' }),
  },
}) {}
registerItemTypes(Tag, TagName)
