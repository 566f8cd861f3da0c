import {
  bigInteger,
  boolean,
  bytes,
  integer,
  real,
  text,
  textList,
  timestamp,
} from '../../src/store-engine/attributes/attributes.js'
import { money, pointDecimal } from '../../src/store-engine/attributes/decimal-attribute.js'
import { path } from '../../src/store-engine/attributes/path-attribute.js'
import { reference } from '../../src/store-engine/attributes/reference.js'
import { item } from '../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../src/store-engine/items/registry.js'

/** Every attribute type there is; the shape of `fixture_everything` in the real site's store of dave. */
export class Everything extends item({
  typeName: 'fixture_everything',
  version: 1,
  module: 'fixture_app',
  attributes: {
    anInteger: bigInteger({ indexed: true, doc: 'An integer.' }),
    aText: text({ doc: 'Case-insensitive text.' }),
    aCaseText: text({ caseSensitive: true, indexed: true }),
    notNone: text({ allowNull: false }),
    someBytes: bytes(),
    aBoolean: boolean(),
    aTimestamp: timestamp({ indexed: true }),
    aPath: path(),
    aRelativePath: path(),
    aReference: reference(),
    aDouble: real(),
    aPoint1: pointDecimal(1),
    aPoint2: pointDecimal(2),
    aPoint10: pointDecimal(10),
    aMoney: money(),
    aTextList: textList(),
  },
}) {}

/** References with every rule of deletion, and a compound index; dave's `fixture_node`. */
export class FixtureNode extends item({
  typeName: 'fixture_node',
  version: 2,
  module: 'fixture_app',
  attributes: {
    name: text({ allowNull: false }),
    rank: integer(),
    parent: reference(),
    owner: reference(() => Everything, { whenDeleted: 'cascade' }),
    guard: reference(() => Everything, { whenDeleted: 'disallow' }),
  },
  indexes: [['name', 'rank']],
}) {}

registerItemTypes(Everything, FixtureNode)
