import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { Note, Witness } from '../test-items.js'

/** What somebody may do to a store; `nest` and `fail` hold what happens inside a transaction, the other two in an open one. */
type Change = { readonly kind: 'change' | 'delete'; readonly which: number; readonly value: number }
type Act =
  | Change
  | { readonly kind: 'create' | 'look'; readonly value: number }
  | { readonly kind: 'nest' | 'fail' | 'begin and commit' | 'begin and roll back'; readonly acts: readonly Act[] }

const { acts } = fc.letrec<{ acts: readonly Act[]; act: Act }>(tie => ({
  acts: fc.array(tie('act'), { maxLength: 7 }),
  act: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constantFrom('create', 'look'), value: fc.nat(99) }),
    fc.record({ kind: fc.constantFrom('change', 'delete'), which: fc.nat(6), value: fc.nat(99) }),
    fc.record({ kind: fc.constantFrom('nest', 'fail', 'begin and commit', 'begin and roll back'), acts: tie('acts') }),
  ) as fc.Arbitrary<Act>,
}))

/** The model: lengths by name, in the order of creation. */
type Model = Map<string, number>
class Undo extends Error {}
/** No two items of a run have the same name. */
let serial = 0

/** Does the acts to the store and returns the model as it must be afterwards. Every object ever seen is kept in `held`. */
function perform(store: Store, list: readonly Act[], before: Model, held: Note[]): Model {
  let model = new Map(before)
  for (const act of list) {
    if (act.kind === 'nest' || act.kind === 'fail') {
      const inner: { model: Model } = { model }
      try {
        store.transact(() => {
          inner.model = perform(store, act.acts, model, held)
          if (act.kind === 'fail') throw new Undo()
        })
        model = inner.model
      } catch (error) {
        if (!(error instanceof Undo)) throw error
      }
    } else if (act.kind === 'begin and commit' || act.kind === 'begin and roll back') {
      using transaction = store.begin()
      const inner = perform(store, act.acts, model, held)
      if (act.kind === 'begin and commit') {
        transaction.commit()
        model = inner
      }
    } else if (act.kind === 'create') {
      serial += 1
      const name = `n${serial}`
      held.push(store.create(Note, { name, length: act.value }))
      model.set(name, act.value)
    } else if (act.kind === 'change' || act.kind === 'delete') {
      alter(store, act, model)
    }
    check(store, model, held)
  }
  return model
}

function alter(store: Store, act: Change, model: Model): void {
  const name = [...model.keys()][act.which]
  if (name === undefined) return
  const note = store.findUnique(Note, Note.name.equals(name))
  if (act.kind === 'delete') {
    note.deleteFromStore()
    model.delete(name)
  } else {
    note.length = act.value
    model.set(name, act.value)
  }
}

function check(store: Store, model: Model, held: readonly Note[]): void {
  expect(
    store
      .query(Note)
      .toArray()
      .map(note => [note.name, note.length]),
  ).toEqual([...model])
  for (const note of held) {
    expect(note.isStored).toBe(model.has(note.name))
    if (note.isStored) expect([note.name, note.length]).toEqual([note.name, model.get(note.name)])
  }
  expect(store.query(Note, { where: Note.length.greaterThan(50) }).count()).toBe(
    [...model.values()].filter(v => v > 50).length,
  )
}

describe('memory and disk stay one, whatever is done and undone', () => {
  it('in one store, at any depth of transactions', () => {
    fc.assert(
      fc.property(acts, list => {
        using store = Store.inMemory()
        const model = perform(store, list, new Map(), [])
        using again = Store.fromImage(store.serialize({ wal: false }))
        check(again, model, [])
        const orphans = `SELECT count(*) FROM axiom_objects WHERE type_id != -1 AND oid NOT IN (SELECT oid FROM item_engine_note_v1)`
        if (store.typesOnDisk().length > 0) expect(store.sql.value(orphans)).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  it('in two Store objects on one file that take turns', () => {
    const parent = temporaryDirectory()
    let count = 0
    fc.assert(
      fc.property(fc.array(acts, { minLength: 2, maxLength: 5 }), turns => {
        using one = Store.create(`${parent}/${count++}.axiom`, { journalMode: 'delete' })
        using two = Store.open(String(one.directory))
        one.engine.connection.execute('PRAGMA synchronous = OFF')
        two.engine.connection.execute('PRAGMA synchronous = OFF')
        let model: Model = new Map()
        const held: [Note[], Note[]] = [[], []]
        for (const [turn, list] of turns.entries()) {
          const store = turn % 2 === 0 ? one : two
          const mine = held[turn % 2 === 0 ? 0 : 1]
          store.transact(() => {
            mine.push(
              ...store
                .query(Note)
                .toArray()
                .filter(note => !mine.includes(note)),
            )
            model = perform(store, list, model, mine)
          })
        }
        for (const store of [one, two]) store.transact(() => check(store, model, []))
      }),
      { numRuns: 40 },
    )
  })

  it('committed() is told once per commit and never of what was undone', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 8 }), outcomes => {
        using store = Store.inMemory()
        const witness = store.create(Witness, { count: 0 })
        witness.seen.splice(0)
        for (const [index, commits] of outcomes.entries()) {
          try {
            store.transact(() => {
              witness.count = index + 1
              if (!commits) throw new Undo()
            })
          } catch (error) {
            if (!(error instanceof Undo)) throw error
          }
        }
        expect(witness.seen).toEqual(outcomes.flatMap((commits, index) => (commits ? [`committed ${index + 1}`] : [])))
      }),
    )
  })
})
