import type { OutputStream } from '../cli-env.js'

/** Large enough that a system call is cheap beside its bytes, small enough that `| head` sees its lines at once. */
const CHUNK = 16 * 1024
/** Milliseconds that a line waits for others to go with. */
const PATIENCE = 100

/**
 * Gathers lines into chunks and waits for the reader after each, so that a slow reader holds back the writer. Lines that
 * come slowly are not held back for a chunk to fill.
 */
export class ChunkedOutput {
  readonly #stream: OutputStream
  #pending = ''
  #flushed = performance.now()

  constructor(stream: OutputStream) {
    this.#stream = stream
  }

  async write(text: string): Promise<void> {
    this.#pending += text
    if (this.#pending.length >= CHUNK || performance.now() - this.#flushed >= PATIENCE) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#pending === '') return
    const chunk = this.#pending
    this.#pending = ''
    await this.#stream.write(chunk)
    this.#flushed = performance.now()
  }
}
