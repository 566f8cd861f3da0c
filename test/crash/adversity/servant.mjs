import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A script beside this one in a process of its own, which takes orders and gives answers in lines of JSON. */
export class Servant {
  #child
  #lines

  constructor(script) {
    const path = fileURLToPath(new URL(script, import.meta.url))
    this.#child = spawn(process.execPath, [path], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** For scripts that say that they are ready. */
  static async start(script) {
    const servant = new Servant(script)
    await servant.hear()
    return servant
  }

  get pid() {
    return this.#child.pid
  }

  tell(order) {
    this.#child.stdin.write(`${JSON.stringify(order)}\n`)
  }

  async hear() {
    const { value, done } = await this.#lines.next()
    if (done) throw new Error(`process ${this.pid} has ended`)
    return JSON.parse(value)
  }

  async do(order) {
    this.tell(order)
    return this.hear()
  }

  end() {
    this.#child.stdin.end()
  }
}
