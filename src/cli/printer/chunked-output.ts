import type { OutputStream } from '../cli-env.js'

/** Large enough that a system call is cheap beside its bytes, small enough that `| head` sees its lines at once. */
const CHUNK = 16 * 1024

/** Gathers lines into chunks and waits for the reader after each, so that a slow reader holds back the writer. */
export class ChunkedOutput {
  readonly #stream: OutputStream
  #pending = ''

  constructor(stream: OutputStream) {
    this.#stream = stream
  }

  async write(text: string): Promise<void> {
    this.#pending += text
    if (this.#pending.length >= CHUNK) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#pending === '') return
    const chunk = this.#pending
    this.#pending = ''
    await this.#stream.write(chunk)
  }
}
