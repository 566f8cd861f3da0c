import { Transform } from 'node:stream'
import { MalformedArchiveError } from '../transfer-errors.js'

/** Counts decompressed bytes and ends the stream when they are more than could be meant. */
export class Budget {
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  /** Replaces the allowance; what was read before counts no longer. */
  limit(bytes: number): void {
    this.#left = bytes
  }

  meter(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#left -= chunk.length
        if (this.#left >= 0) done(null, chunk)
        else done(new MalformedArchiveError('the archive unpacks to more than its manifest announces'))
      },
    })
  }
}
