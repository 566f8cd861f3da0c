import { ConstraintError } from '../errors.js'
import type { Item } from '../items/item.js'
import type { Store } from '../store.js'
import { Column } from './column.js'
import { STORE_ID_KIND } from './comparable.js'
import type { Source } from './source.js'

/** The storeID as a column; it has no attribute of its own. What refers to items can be compared with it. */
export class StoreIDColumn extends Column<number, number, Column<Item | Store>> {
  /** Tells the compiler that other columns of numbers are none. */
  readonly isStoreID = true

  constructor(source: Source) {
    super(source, {
      name: 'storeID',
      position: 0,
      label: `${source.type.typeName}.storeID`,
      attribute: {
        kind: STORE_ID_KIND,
        sqltype: 'INTEGER',
        allowNull: false,
        mayOmit: false,
        indexed: true,
        doc: '',
        initial: undefined,
        encode: (value, place, label) => {
          if (Number.isSafeInteger(value)) return value as number
          throw new ConstraintError(`${place.locate(label)} takes a whole number, not ${typeof value}`)
        },
        decode: Number,
      },
    })
  }

  override sqlName(): string {
    return 'oid'
  }
}
