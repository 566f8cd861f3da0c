import { createHash } from 'node:crypto'

const CR = 0x0d
const LF = 0x0a
/** Bytes. RFC 5322 allows 998 characters; real mail has longer lines now and then. */
const LONGEST_LINE = 16_384
const LONGEST_HEAD = 131_072
const MOST_FIELDS = 1000
/** RFC 5321 6.3: more of them mean that servers send a message round in circles. */
const MOST_HOPS = 100

/**
 * Looks at a message while it comes in, chunk by chunk, and remembers no more of it than its head: whether it may be
 * accepted, its size and its hash. A line feed or a carriage return alone is refused, since servers disagree whether it
 * ends a line, and so can be made to disagree where a message ends.
 */
export class MessageScan {
  size = 0
  readonly #hash = createHash('sha256')
  #head: Buffer = Buffer.alloc(0)
  #headIsWhole = false
  #lineLength = 0
  #endsWithReturn = false
  #fault: string | undefined

  /** Why the message cannot be accepted, in the words of an answer. */
  get fault(): string | undefined {
    return this.#fault
  }

  update(chunk: Buffer): void {
    this.size += chunk.length
    this.#hash.update(chunk)
    if (this.#fault !== undefined) return
    this.#fault = this.#scanLines(chunk) ?? this.#scanReturns(chunk)
    if (!this.#headIsWhole) this.#takeHead(chunk)
  }

  /** To be called when all has come: gives the head, without the empty line, and the hash in hexadecimal. */
  finish(): { readonly head: Buffer; readonly hash: string } {
    if (this.#endsWithReturn) this.#fault ??= BARE
    if (!this.#headIsWhole) this.#judgeHead()
    return { head: this.#head, hash: this.#hash.digest('hex') }
  }

  #scanLines(chunk: Buffer): string | undefined {
    let start = 0
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      const before = end === 0 ? this.#endsWithReturn : chunk[end - 1] === CR
      if (!before) return BARE
      if (this.#lineLength + end - start > LONGEST_LINE) return `a line is longer than ${LONGEST_LINE} bytes`
      this.#lineLength = 0
      start = end + 1
    }
    this.#lineLength += chunk.length - start
    return this.#lineLength > LONGEST_LINE ? `a line is longer than ${LONGEST_LINE} bytes` : undefined
  }

  #scanReturns(chunk: Buffer): string | undefined {
    if (this.#endsWithReturn && chunk[0] !== LF) return BARE
    this.#endsWithReturn = chunk.at(-1) === CR
    for (let at = chunk.indexOf(CR); at >= 0 && at < chunk.length - 1; at = chunk.indexOf(CR, at + 1))
      if (chunk[at + 1] !== LF) return BARE
    return undefined
  }

  #takeHead(chunk: Buffer): void {
    const searched = Math.max(0, this.#head.length - 3)
    this.#head = Buffer.concat([this.#head, chunk])
    const empty = this.#head.indexOf('\r\n') === 0
    const end = empty ? 0 : this.#head.indexOf('\r\n\r\n', searched)
    if (end < 0 && this.#head.length <= LONGEST_HEAD) return
    this.#head = Buffer.from(this.#head.subarray(0, end < 0 ? LONGEST_HEAD + 1 : end))
    this.#judgeHead()
  }

  #judgeHead(): void {
    this.#headIsWhole = true
    if (this.#head.length > LONGEST_HEAD) this.#fault ??= `the headers are longer than ${LONGEST_HEAD} bytes`
    const lines = this.#head.toString('latin1').split('\r\n')
    if (lines.length > MOST_FIELDS) this.#fault ??= `there are more than ${MOST_FIELDS} lines of headers`
    const hops = lines.filter(line => /^(?:received|delivered-to):/i.test(line)).length
    if (hops > MOST_HOPS) this.#fault ??= 'too many hops: servers seem to send it round in circles'
  }
}

const BARE = 'it has a carriage return or a line feed alone, which ends a line for some and not for others'
