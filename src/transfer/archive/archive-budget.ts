import { Transform } from 'node:stream'
import { ArchiveRefusedError } from '../archive-faults.js'

/** Counts decompressed bytes and ends the stream when they are more than could be meant. */
export class Budget {
  #left: number
  #seen = 0
  #isAnnounced = false

  constructor(bytes: number) {
    this.#left = bytes
  }

  /** All bytes that have passed. */
  get seen(): number {
    return this.#seen
  }

  /** Whether a manifest has said how much will come. */
  get isAnnounced(): boolean {
    return this.#isAnnounced
  }

  /** Replaces the allowance by what the manifest says; what was read before counts no longer. */
  limit(bytes: number): void {
    this.#left = bytes
    this.#isAnnounced = true
  }

  meter(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#left -= chunk.length
        this.#seen += chunk.length
        if (this.#left >= 0) done(null, chunk)
        else
          done(new ArchiveRefusedError('ARCHIVE_TOO_LARGE', 'the archive unpacks to more than its manifest announces'))
      },
    })
  }
}
