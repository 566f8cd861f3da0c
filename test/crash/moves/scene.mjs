/** What is there in one run: the sites, four writers, and what all processes have told to be done. */
import { setTimeout } from 'node:timers/promises'
import { NAME } from './sites.mjs'

const WRITERS = 4
/** How a move, or what somebody else does meanwhile, may end that meets others at work. */
const UNDERSTOOD = new Set([
  'TRANSFER_ROLLED_BACK',
  'TRANSFER_ABORTED',
  'TRANSFER_PENDING',
  'TRANSFER_MOVED_ON',
  'TRANSFER_COMMITTED',
  'FENCE_MOVED_ON',
  'STORE_BUSY',
])

export class Scene {
  wrongs = []
  /** How the processes that were not killed ended. */
  outcomes = []
  #cast
  #sites
  #writers = []
  #notes = {}
  #names = [NAME]
  #accounts = { disabled: [false], passwordHash: [null] }

  constructor(cast, sites, plan) {
    this.#cast = cast
    this.#sites = sites
    this.plan = plan
  }

  get cast() {
    return this.#cast
  }

  /** What the checker has to expect. */
  get expected() {
    return { names: this.#names, accounts: { [NAME]: this.#accounts }, notes: this.#notes }
  }

  get both() {
    return this.plan.first === 'source' ? [this.from, this.to] : [this.to, this.from]
  }

  /** The sites as they were, and four writers that have begun. */
  async begin() {
    Object.assign(this, await this.#sites.lay(this.plan))
    for (let count = 0; count < WRITERS; count += 1) {
      const writer = await this.#cast.writer()
      this.#notes[writer.name] = { rows: [], files: [], last: undefined }
      writer.listener = message => this.#hearWriter(writer.name, message)
      writer.send({ places: this.#sites.places })
      this.#writers.push(writer)
    }
    await this.assertWritersGoOn()
  }

  /** An actor whose deeds are noted. */
  async actor() {
    const actor = await this.#cast.actor()
    actor.listener = message => this.#hearDeed(message)
    return actor
  }

  /** A writer that is going to be killed; the others go on. */
  victim() {
    return this.#writers.pop()
  }

  /** Every writer that lives gets something written, or it is a wrong. */
  async assertWritersGoOn() {
    const before = new Map(this.#writers.map(writer => [writer, this.#count(writer)]))
    const isDone = () => this.#writers.every(writer => this.#count(writer) > before.get(writer) || !writer.isAlive)
    for (const end = performance.now() + 15_000; !isDone(); await setTimeout(2)) {
      if (performance.now() < end) continue
      this.wrongs.push('she cannot be written to')
      break
    }
    for (const writer of this.#writers.filter(({ isAlive }) => !isAlive))
      this.wrongs.push(`a writer has ended: ${writer.errors}`)
  }

  /** The writers stop, and have everything closed. Returns when nothing touches the sites any more. */
  async rest() {
    for (const writer of this.#writers) writer.send({ places: [] })
    for (const writer of this.#writers) {
      const message = await writer.take()
      if (message.resting !== true)
        this.wrongs.push(`a writer does not rest: ${JSON.stringify(message)} ${writer.errors}`)
      this.#cast.giveBack(writer)
    }
    this.#writers = []
  }

  /** How an actor has ended that was not killed. It serves again. */
  async note(actor, { done, closed, late }) {
    if (late) this.wrongs.push(`a process hangs: ${actor.errors}`)
    if (closed !== undefined) this.wrongs.push(`a process has ended by itself (${closed}): ${actor.errors}`)
    if (done?.broken !== undefined) this.wrongs.push(`not an error of the program's: ${done.broken}`)
    const told = (done?.outcomes ?? []).map(({ outcome, reason }) =>
      reason === null ? outcome : `${outcome}: ${reason}`,
    )
    if (done?.refused !== undefined && !UNDERSTOOD.has(done.refused))
      this.wrongs.push(`refused for no good reason: ${done.refused}, ${done.message}`)
    this.outcomes.push(done?.moved ? 'moved' : (done?.refused ?? `recovered ${told.join(', ')}`))
    if (late) await actor.kill()
    this.release(actor)
  }

  /** Lets go of a process that was killed, or that has nothing more to do. */
  release(child) {
    this.#cast.giveBack(child)
  }

  #count({ name }) {
    const { rows, files, last } = this.#notes[name]
    return rows.length + files.length + (last ?? 0)
  }

  #hearWriter(name, { wrote, number }) {
    if (wrote === undefined) return false
    const notes = this.#notes[name]
    if (wrote === 'row') notes.rows.push(number)
    if (wrote === 'file') notes.files.push(number)
    if (wrote === 'last') notes.last = number
    return true
  }

  /** What is being tried may be done or not when its process is killed. */
  #hearDeed({ trying, did, refused }) {
    if (trying === undefined && did === undefined && refused === undefined) return false
    const { deed, value } = trying ?? did ?? refused
    const fact = { password: 'passwordHash', disable: 'disabled' }[deed]
    if (fact !== undefined) {
      const known = this.#accounts[fact]
      this.#accounts[fact] = trying ? [known[0], value] : did ? [value] : [known[0]]
    } else if (did) this.#names.push(value)
    return true
  }
}
