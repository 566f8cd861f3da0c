import { closeSync, fsyncSync, futimesSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { giveToOwnerOf } from '../../base/atomic-file.js'
import { BusyError } from '../../base/errors.js'
import { ConstraintError } from '../errors.js'
import type { Store } from '../store.js'
import { assertOwnPlace, makeDirectoryOfStore, putInPlace, translatePlaceError } from './own-place.js'
import { newTemporaryName } from './temporary-file.js'

/**
 * A file of a store while it is written: aside, in `temp/`, under a name that no other process uses. It appears under
 * its own name at `close`, whole and on the disk, or not at all. With `using`, one that was not closed is aborted.
 */
export class StoreFile implements Disposable {
  /** Where the file will be, absolute. */
  readonly path: string
  readonly #store: Store
  readonly #temporary: string
  #descriptor: number | undefined

  constructor(store: Store, path: string, temporaryDirectory: string) {
    this.path = path
    this.#store = store
    this.#temporary = join(temporaryDirectory, newTemporaryName())
    this.#orAbort(() => {
      assertOwnPlace(store, path)
      makeDirectoryOfStore(temporaryDirectory)
      this.#descriptor = openSync(this.#temporary, 'wx', 0o600)
      giveToOwnerOf(temporaryDirectory, this.#temporary)
    })
  }

  /** @throws DiskFullError; what was written is gone then, and the file is closed. */
  write(content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    const descriptor = this.#open()
    this.#orAbort(() => {
      for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written)
    })
  }

  /**
   * Puts the file in its place, replacing what was there, inside a write transaction of the store. Returns the path.
   * Its time of change is that of closing. Where the transaction is part of a larger one that is undone, the file stays.
   * @throws StoreSealedError while the store is being moved, StoreBusyError: the place keeps what it had, and the file can
   *   be closed later or aborted. After any other error it is aborted; where the disk failed at last, the place may hold
   *   the new file, whole.
   */
  close(): string {
    const descriptor = this.#open()
    this.#orAbort(() => {
      const now = new Date()
      futimesSync(descriptor, now, now)
      // Before the store is locked: what is on its way to the disk hinders nobody.
      fsyncSync(descriptor)
      this.#store.transact(() => putInPlace(this.#store, this.#temporary, this.path))
    })
    this.#descriptor = undefined
    closeSync(descriptor)
    return this.path
  }

  /** Forgets what was written. After a `close` that succeeded it does nothing. It does not fail. */
  abort(): void {
    if (this.#descriptor === undefined) return
    closeSync(this.#descriptor)
    this.#descriptor = undefined
    try {
      rmSync(this.#temporary, { force: true })
    } catch {
      // What a failing disk does not let go of goes with what processes leave that were killed.
    }
  }

  [Symbol.dispose](): void {
    this.abort()
  }

  #orAbort<T>(deed: () => T): T {
    try {
      return deed()
    } catch (error) {
      if (!(error instanceof BusyError)) this.abort()
      throw translatePlaceError(error, this.path, this.#store)
    }
  }

  #open(): number {
    if (this.#descriptor === undefined) throw new ConstraintError(`${this.path} is closed already`)
    return this.#descriptor
  }
}
