import type { OutputStream } from '../cli-env.js'

/** Large enough that a system call is cheap beside its bytes, small enough that `| head` sees its lines at once. */
const CHUNK = 16 * 1024
/** Milliseconds that a line waits for others to go with. */
const PATIENCE = 100

/**
 * Gathers lines into chunks and waits for the reader after each, so that a slow reader holds back the writer. Lines that
 * come slowly are not held back for a chunk to fill, nor for the next line to come. A failure is told to the next
 * writer.
 */
export class ChunkedOutput {
  readonly #stream: OutputStream
  #pending = ''
  #flushed = performance.now()
  #flushing: Promise<void> = Promise.resolve()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(stream: OutputStream) {
    this.#stream = stream
  }

  async write(text: string): Promise<void> {
    this.#pending += text
    if (this.#pending.length >= CHUNK || performance.now() - this.#flushed >= PATIENCE) await this.flush()
    else this.#timer ??= setTimeout(() => void this.flush().catch(() => {}), PATIENCE)
  }

  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#flushing = this.#flushing.then(() => this.#writePending())
    return this.#flushing
  }

  async #writePending(): Promise<void> {
    if (this.#pending === '') return
    const chunk = this.#pending
    this.#pending = ''
    await this.#stream.write(chunk)
    this.#flushed = performance.now()
  }
}
