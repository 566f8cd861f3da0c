/** A process that is given orders and tells what it does: lines of JSON in and out. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/**
 * Its life begins when it tells `{ ready: true, pid }`, and ends with the process of that pid. A process that forks may
 * begin another life then; `{ died: true }` is what its parent tells of the last.
 */
export class Child {
  #process
  #told = []
  #listeners = new Set()
  #errors = ''
  #pid
  #isGone = false

  /** @param hear - called with each message; those for which it returns true are not for {@link take}. */
  constructor(words, { env, hear }) {
    this.#process = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'pipe'], env })
    this.#process.stdin.on('error', () => {})
    this.#process.stderr.on('data', chunk => {
      this.#errors += chunk
    })
    createInterface({ input: this.#process.stdout }).on('line', line => this.#hearLine(parse(line), hear))
    this.#process.on('close', (code, signal) => {
      this.#isGone = true
      this.#end({ closed: signal ?? code })
    })
  }

  get isAlive() {
    return this.#pid !== undefined
  }

  /** Whether it will never live again. */
  get isGone() {
    return this.#isGone
  }

  /** What it complained of. */
  get errors() {
    return this.#errors
  }

  /** Waits until it lives. What was told in earlier lives is forgotten. */
  async ready() {
    await this.#until(() => this.isAlive || this.#isGone, 30_000)
    this.#told = []
    if (!this.isAlive) throw new Error(`a process did not start: ${this.#errors}`)
  }

  /** The order is for this life: whoever is killed before it is read does not leave it to the next. */
  send(order) {
    this.#process.stdin.write(`${JSON.stringify({ ...order, pid: this.#pid })}\n`)
  }

  /** The next message; `{ closed }` when its life has ended, `{ late: true }` when nothing comes in time. */
  async take(milliseconds = 30_000) {
    await this.#until(() => this.#told.length > 0, milliseconds)
    return this.#told.shift() ?? { late: true }
  }

  /** Ends its life, and waits until everything that it has told is heard. */
  async kill() {
    this.#signal()
    await this.#until(() => !this.isAlive, 30_000)
  }

  /** Ends its life and any that might come. */
  async end() {
    this.#signal()
    this.#process.kill('SIGKILL')
    await this.#until(() => this.#isGone, 30_000)
  }

  /** It may have died by itself, and that not be heard yet. */
  #signal() {
    if (this.#pid === undefined) return
    try {
      process.kill(this.#pid, 'SIGKILL')
    } catch (error) {
      if (error.code !== 'ESRCH') throw error
    }
  }

  #hearLine(message, hear) {
    if (message.ready) {
      this.#pid = message.pid
      this.#wake()
    } else if (message.died) this.#end({ closed: 'SIGKILL' })
    else if (!hear(message)) this.#deliver(message)
  }

  #end(message) {
    this.#pid = undefined
    this.#deliver(message)
  }

  #deliver(message) {
    this.#told.push(message)
    this.#wake()
  }

  #wake() {
    for (const listener of this.#listeners) listener()
  }

  async #until(condition, milliseconds) {
    if (condition()) return
    await new Promise(resolve => {
      const listener = () => condition() && end()
      const end = () => {
        clearTimeout(timer)
        this.#listeners.delete(listener)
        resolve()
      }
      const timer = setTimeout(end, milliseconds)
      this.#listeners.add(listener)
    })
  }
}

/** A process that is killed may leave half a line. */
function parse(line) {
  try {
    return JSON.parse(line)
  } catch {
    return { garbled: line }
  }
}
