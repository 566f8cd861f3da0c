/**
 * The processes of the matrix. Most runs kill some, and to start one takes longer than a move; so a few are kept ready,
 * those that live through a run serve in the next, and actors have many lives.
 */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Child } from './child.mjs'

const here = dirname(fileURLToPath(import.meta.url))

const KINDS = {
  // With one thread it can fork.
  actor: { words: ['--single-threaded', join(here, 'actor.mjs')], spare: 2 },
  writer: { words: [join(here, 'note-writer.mjs')], spare: 1 },
}

export class Cast {
  /** For processes of other kinds. */
  env
  #spare = { actor: [], writer: [] }
  #all = new Set()
  #count = 0

  /** @param below - the directory in which processes can be made to die at a call. */
  constructor(library, below) {
    this.env = { PATH: process.env.PATH, HOME: below, LD_PRELOAD: library, FAIL_AT_BELOW: below }
    for (const kind of Object.keys(KINDS)) this.#refill(kind)
  }

  actor() {
    return this.#take('actor')
  }

  writer() {
    return this.#take('writer')
  }

  /** It may serve again, unless it has died for good. */
  giveBack(child) {
    child.listener = undefined
    if (child.isGone) this.#all.delete(child)
    else this.#spare[child.kind].push(child)
  }

  async close() {
    await Promise.all([...this.#all].map(child => child.end()))
  }

  /** One that is ready now before one that is about to be. */
  async #take(kind) {
    const spare = this.#spare[kind]
    const [child] = spare.splice(
      Math.max(
        0,
        spare.findIndex(({ isAlive }) => isAlive),
      ),
      1,
    )
    this.#refill(kind)
    await child.ready()
    return child
  }

  #refill(kind) {
    while (this.#spare[kind].length < KINDS[kind].spare) this.#spare[kind].push(this.#start(kind))
  }

  #start(kind) {
    this.#count += 1
    const name = `w${this.#count}`
    const hear = message => child.listener?.(message) ?? false
    const child = Object.assign(new Child([...KINDS[kind].words, name], { env: this.env, hear }), { kind, name })
    this.#all.add(child)
    return child
  }
}
