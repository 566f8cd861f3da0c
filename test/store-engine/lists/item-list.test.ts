import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ItemList, type ListValue } from '../../../src/store-engine/lists/item-list.js'
import { ListItem } from '../../../src/store-engine/lists/list-item.js'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { statementsOf } from '../statements-of.js'
import { Note, threeNotes } from '../test-items.js'

function listOf(count: number): { store: Store; list: ItemList; notes: Note[] } {
  const store = Store.inMemory()
  const notes = Array.from({ length: count }, (_, index) => store.create(Note, { name: 'n', length: index }))
  const list = store.create(ItemList, {})
  list.extend(notes)
  return { store, list, notes }
}

const numbers = (list: ItemList) => [...list].map(value => (value as Note).length)

describe('a list of items', () => {
  it('counts positions from the end where they are negative', () => {
    const { store, list, notes } = listOf(3)
    expect([list.at(-1), list.get(-3), list.at(-4), list.at(3)]).toEqual([notes[2], notes[0], undefined, undefined])
    list.set(-1, store)
    expect([list.get(2), list.pop(-3)]).toEqual([store, notes[0]])
  })

  it('refuses positions that it does not have, and stays as it is', () => {
    const { store, list } = listOf(2)
    for (const index of [2, -3, 0.5, Number.NaN])
      for (const act of [() => list.get(index), () => list.set(index, store), () => list.pop(index)])
        expect(act).toThrow(expect.objectContaining({ code: 'CONSTRAINT' }))
    expect(() => listOf(0).list.pop()).toThrow(expect.objectContaining({ code: 'CONSTRAINT' }))
    expect([numbers(list), list.length]).toEqual([[0, 1], 2])
  })

  it('keeps its places apart from those of another list, and itself in itself', () => {
    const { store, list, notes } = listOf(3)
    const other = store.create(ItemList, {})
    other.extend([...notes].reverse())
    other.append(other)
    list.pop(0)
    list.insert(1, list)
    expect([...other]).toEqual([notes[2], notes[1], notes[0], other])
    expect([...list]).toEqual([notes[1], list, notes[2]])
  })

  it('may be extended by itself', () => {
    const { list } = listOf(2)
    list.extend(list)
    expect(numbers(list)).toEqual([0, 1, 0, 1])
  })

  it('reads what was deleted as null and keeps the place', () => {
    const { list, notes } = listOf(3)
    notes[1]?.deleteFromStore()
    list.reverse()
    expect([...list]).toEqual([notes[2], null, notes[0]])
    expect([list.indexOf(notes[1] as Note), list.remove(notes[1] as Note)]).toEqual([1, true])
    list.insert(1, null)
    expect([list.length, list.pop(1)]).toEqual([3, null])
  })

  it('refuses what is of another store, and stays as it is', () => {
    const { list } = listOf(2)
    const stranger = threeNotes(Store.inMemory())[0] as Note
    for (const act of [
      () => list.append(stranger),
      () => list.insert(0, stranger),
      () => list.extend([list, stranger]),
    ])
      expect(act).toThrow(expect.objectContaining({ code: 'CROSS_STORE_REFERENCE' }))
    expect([numbers(list), list.length]).toEqual([[0, 1], 2])
  })

  it('a failing comparison leaves the order', () => {
    const { list } = listOf(5)
    const failing = () => {
      throw new Error('no order')
    }
    expect(() => list.sort(failing)).toThrow('no order')
    expect(numbers(list)).toEqual([0, 1, 2, 3, 4])
  })

  it('takes its places with it when it is deleted, and leaves the values', () => {
    const { store, list } = listOf(3)
    list.deleteFromStore()
    expect([store.query(ListItem).count(), store.query(Note).count(), list.isStored]).toEqual([0, 3, false])
  })

  it('an undone transaction undoes what it did to a list', () => {
    const { store, list } = listOf(3)
    const undone = () =>
      store.transact(() => {
        list.clear()
        list.append(store)
        throw new Error('undo')
      })
    expect(undone).toThrow('undo')
    expect([numbers(list), list.length]).toEqual([[0, 1, 2], 3])
  })

  it('lies on disk as the original writes it', () => {
    using store = Store.create(`${temporaryDirectory()}/a.axiom`)
    const list = store.create(ItemList, {})
    list.append(store)
    list.append(list)
    expect(statementsOf(store, 'list', 'list_item')).toEqual([
      'CREATE INDEX axiomidx_list_item_v1__container ON item_list_item_v1([_container])',
      'CREATE INDEX axiomidx_list_item_v1__value ON item_list_item_v1([_value])',
      'CREATE TABLE item_list_item_v1 (oid INTEGER PRIMARY KEY, [_container] INTEGER, [_index] INTEGER, [_value] INTEGER)',
      'CREATE TABLE item_list_v1 (oid INTEGER PRIMARY KEY, [length] INTEGER)',
    ])
    expect(store.sql.all('SELECT * FROM item_list_item_v1')).toEqual([
      { oid: 2, _container: 1, _index: 0, _value: -1 },
      { oid: 3, _container: 1, _index: 1, _value: 1 },
    ])
    expect(store.typesOnDisk().map(({ module }) => module)).toEqual(['axiom.sequence', 'axiom.sequence'])
  })
})

describe('a list and an array', () => {
  /** One act on a list, on an array, and what each returned. */
  type Act = (list: ItemList, array: ListValue[], pick: (n: number) => Note) => readonly [unknown, unknown]
  const position = fc.integer({ min: -6, max: 6 })
  const value = fc.nat(3)
  const inside = (array: readonly unknown[], index: number) => index < array.length && index >= -array.length
  const byNumber = (a: ListValue, b: ListValue) => Number((a as Note).length) - Number((b as Note).length)

  const act: fc.Arbitrary<Act> = fc.oneof(
    value.map(
      (n): Act =>
        (list, array, pick) => [list.append(pick(n)), void array.push(pick(n))],
    ),
    fc.tuple(position, value).map(
      ([index, n]): Act =>
        (list, array, pick) => [list.insert(index, pick(n)), void array.splice(index, 0, pick(n))],
    ),
    position.map(
      (index): Act =>
        (list, array) =>
          inside(array, index) ? [list.pop(index), array.splice(index, 1)[0]] : [list.at(index), undefined],
    ),
    fc.tuple(position, value).map(
      ([index, n]): Act =>
        (list, array, pick) =>
          inside(array, index) ? [list.set(index, pick(n)), void array.splice(index, 1, pick(n))] : [0, 0],
    ),
    value.map(
      (n): Act =>
        (list, array, pick) => {
          const index = array.indexOf(pick(n))
          if (index >= 0) array.splice(index, 1)
          return [list.remove(pick(n)), index >= 0]
        },
    ),
    fc.array(value, { maxLength: 4 }).map(
      (many): Act =>
        (list, array, pick) => [list.extend(many.map(pick)), void array.push(...many.map(pick))],
    ),
    fc.constant<Act>((list, array) => [list.reverse(), void array.reverse()]),
    fc.constant<Act>((list, array) => [list.sort(byNumber), void array.sort(byNumber)]),
    fc.constant<Act>((list, array) => [list.clear(), void array.splice(0)]),
    fc.tuple(position, position).map(
      ([start, end]): Act =>
        (list, array) => [list.slice(start, end), array.slice(start, end)],
    ),
    value.map(
      (n): Act =>
        (list, array, pick) => [
          [list.indexOf(pick(n)), list.includes(pick(n)), list.count(pick(n))],
          [array.indexOf(pick(n)), array.includes(pick(n)), array.filter(each => each === pick(n)).length],
        ],
    ),
    position.map(
      (index): Act =>
        (list, array) => [list.at(index), array.at(index)],
    ),
  )

  it('do the same', () => {
    const { list, notes } = listOf(4)
    const pick = (n: number) => notes[n] as Note
    fc.assert(
      fc.property(fc.array(act, { maxLength: 25 }), acts => {
        list.clear()
        const array: ListValue[] = []
        for (const each of acts) {
          const [got, wanted] = each(list, array, pick)
          expect(got).toEqual(wanted)
          expect([...list]).toEqual(array)
          expect(list.length).toBe(array.length)
        }
        const places = list.store.query(ListItem, { sort: ListItem._index.ascending }).toArray()
        expect(places.map(place => place._index)).toEqual(array.map((_, index) => index))
      }),
      { numRuns: 150 },
    )
  })
})
