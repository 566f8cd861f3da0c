import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { createUnits, Tracer, tracesOf, Unit, UnitProcessor } from './batch-items.js'

const stepper = join(import.meta.dirname, 'stepper.mjs')
const dieAt = join(import.meta.dirname, '../../support/die-at.mjs')

/** A store with so many units, half of them before two listeners came; the second listener dislikes the unit 7. */
function prepare(count: number): string {
  const directory = `${temporaryDirectory()}/a.axiom`
  using store = Store.create(directory)
  store.transact(() => {
    const batch = store.create(UnitProcessor, {})
    createUnits(store, ...numbers(count / 2))
    for (const given of [{ name: 'good' }, { name: 'bad', dislikes: 7 }])
      batch.addReliableListener(store.create(Tracer, given))
    createUnits(store, ...numbers(count).slice(count / 2))
  })
  return directory
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)
const sorted = (list: readonly number[]) => [...list].sort((a, b) => a - b)

/** For each listener, in order of their making, the numbers it has processed and those it has failed with. */
function outcome(directory: string): { readonly done: number[]; readonly failed: number[] }[] {
  using store = Store.open(directory)
  const failures = store.findUnique(UnitProcessor).getFailedItems()
  return store
    .query(Tracer)
    .toArray()
    .map(tracer => ({
      done: sorted(tracesOf(tracer)),
      failed: failures.filter(({ listener }) => listener === tracer).map(({ item }) => (item as Unit).number),
    }))
}

function run(directory: string, variables: Record<string, string> = {}) {
  const env = { PATH: process.env.PATH, ...variables }
  return spawn(process.execPath, ['--import', dieAt, stepper, directory], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

describe('each item has its turn with each listener exactly once', () => {
  it('when the process is killed at its every step', async () => {
    const directory = prepare(16)
    let kills = 0
    for (let ended = false; !ended; ) {
      // Before a commit and after it, before the first and before the third.
      const [, signal] = await once(run(directory, { DIE_AT: String(1 + (kills % 5)) }), 'exit')
      ended = signal === null
      if (!ended) kills += 1
      for (const { done, failed } of outcome(directory))
        expect(new Set([...done, ...failed]).size).toBe(done.length + failed.length)
    }
    expect(kills).toBeGreaterThan(10)
    const rest = numbers(16).filter(number => number !== 7)
    expect(outcome(directory)).toEqual([
      { done: numbers(16), failed: [] },
      { done: rest, failed: [7] },
    ])
  }, 120_000)

  it('when processes step one processor at once, and one of them is killed', async () => {
    const directory = prepare(400)
    const children = [run(directory), run(directory), run(directory)]
    const ends = children.map(child => once(child, 'exit'))
    await until(() => outcome(directory).every(({ done }) => done.length > 30))
    children[0]?.kill('SIGKILL')
    expect(await Promise.all(ends)).toEqual([
      [null, 'SIGKILL'],
      [0, null],
      [0, null],
    ])
    const rest = numbers(400).filter(number => number !== 7)
    expect(outcome(directory)).toEqual([
      { done: numbers(400), failed: [] },
      { done: rest, failed: [7] },
    ])
  }, 60_000)
})

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 5))
}

describe('in any order of events', () => {
  type Act = (world: World) => void

  class World {
    readonly directory = `${temporaryDirectory()}/a.axiom`
    store = Store.create(this.directory)
    made = 0
    /** By the name of a listener, how often each unit was asked for again after its turn. */
    readonly again = new Map<string, number[]>()

    constructor() {
      this.store.create(UnitProcessor, {})
    }

    get batch() {
      return this.store.findUnique(UnitProcessor)
    }

    get listeners() {
      return this.store.query(Tracer).toArray()
    }

    reopen(): void {
      this.store.close()
      this.store = Store.open(this.directory)
    }
  }

  const create: fc.Arbitrary<Act> = fc.integer({ min: 1, max: 4 }).map(count => world => {
    for (let each = 0; each < count; each += 1) createUnits(world.store, world.made++)
  })
  const step = fc.constant<Act>(world => void world.batch.step())
  const undoneStep = fc.constant<Act>(world => {
    const undone = () =>
      world.store.transact(() => {
        world.batch.step()
        throw new Error('undo')
      })
    expect(undone).toThrow('undo')
  })
  const register = fc.constant<Act>(world => {
    const name = String(world.listeners.length)
    if (world.listeners.length < 3) world.batch.addReliableListener(world.store.create(Tracer, { name }))
  })
  const dislike: fc.Arbitrary<Act> = fc.nat(12).map(number => world => {
    for (const each of world.listeners.slice(0, 2)) each.dislikes = number
  })
  const remove: fc.Arbitrary<Act> = fc.nat(12).map(number => world => {
    world.store.findFirst(Unit, Unit.number.equals(number))?.deleteFromStore()
  })
  const reopen = fc.constant<Act>(world => world.reopen())
  const acts = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: create },
      { weight: 8, arbitrary: step },
      { weight: 1, arbitrary: undoneStep },
      { weight: 2, arbitrary: register },
      { weight: 2, arbitrary: dislike },
      { weight: 2, arbitrary: remove },
      { weight: 1, arbitrary: reopen },
    ),
    { minLength: 5, maxLength: 40 },
  )

  it('every listener has had every item once, or failed with it once', () => {
    fc.assert(
      fc.property(acts, sequence => {
        const world = new World()
        for (const act of sequence) act(world)
        while (world.batch.step().more);
        const alive = [...world.store.query(Unit)].map(({ number }) => number)
        for (const listener of world.listeners) {
          const failures = world.batch.getFailedItems().filter(failure => failure.listener === listener)
          const failed = failures.flatMap(({ item }) => (item === null ? [] : [(item as Unit).number]))
          const had = [...tracesOf(listener), ...failed]
          expect(new Set(had).size).toBe(had.length)
          expect(sorted(had.filter(number => alive.includes(number)))).toEqual(sorted(alive))
        }
        world.store.close()
      }),
      { numRuns: 40 },
    )
  }, 60_000)
})
