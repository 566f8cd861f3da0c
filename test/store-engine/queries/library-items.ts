/** Authors, their books and the copies of these, for queries over several types. */
import { integer, real, text, timestamp } from '../../../src/store-engine/attributes/attributes.js'
import { Decimal } from '../../../src/store-engine/attributes/decimal.js'
import { money, pointDecimal } from '../../../src/store-engine/attributes/decimal-attribute.js'
import { reference } from '../../../src/store-engine/attributes/reference.js'
import { item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import { Store } from '../../../src/store-engine/store.js'

export class Author extends item({
  typeName: 'library_author',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text({ allowNull: false }), born: integer() },
}) {}

export class Book extends item({
  typeName: 'library_book',
  version: 1,
  module: 'axiom.item',
  attributes: {
    title: text({ allowNull: false }),
    author: reference(() => Author),
    pages: integer(),
    price: pointDecimal(2),
    weight: real(),
    cost: money(),
    bought: timestamp(),
  },
}) {}

registerItemTypes(Author, Book)

/** Ada (1) with books 4 and 5, Bob (2) with book 6, Cyd (3) with none, and book 7 by nobody. */
export function library(): Store {
  const store = Store.inMemory()
  const [ada, bob] = ['Ada', 'Bob', 'Cyd'].map((name, index) => store.create(Author, { name, born: 1900 + index }))
  store.create(Book, { title: 'Algebra', author: ada ?? null, pages: 100, price: Decimal.of('9.99') })
  store.create(Book, { title: 'Ada by Ada', author: ada ?? null, pages: 301, price: Decimal.of('10.02') })
  store.create(Book, { title: 'Bees', author: bob ?? null, pages: 100, price: Decimal.of('-0.01') })
  store.create(Book, { title: 'Sagas' })
  return store
}
