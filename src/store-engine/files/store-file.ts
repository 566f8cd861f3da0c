import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { translateFileError } from '../database/sqlite-errors.js'
import { ConstraintError } from '../errors.js'
import type { Store } from '../store.js'
import { syncDirectory } from './store-directory.js'

/**
 * A file of a store while it is written: aside, in `temp/`, under a name that no other process uses. It appears under
 * its own name at `close`, whole and on the disk, or not at all.
 */
export class StoreFile {
  /** Where the file will be, absolute. */
  readonly path: string
  readonly #store: Store
  readonly #temporary: string
  #descriptor: number | undefined

  constructor(store: Store, path: string, temporaryDirectory: string) {
    this.path = path
    this.#store = store
    this.#temporary = join(temporaryDirectory, `${randomBytes(8).toString('hex')}.tmp`)
    this.#descriptor = this.#told(() => {
      mkdirSync(temporaryDirectory, { recursive: true, mode: 0o700 })
      return openSync(this.#temporary, 'wx', 0o600)
    })
  }

  /** @throws DiskFullError; the file can then only be aborted. */
  write(content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    const descriptor = this.#open()
    this.#told(() => {
      for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written)
    })
  }

  /**
   * Puts the file in its place, replacing what was there, inside a write transaction of the store: while the store is
   * being moved this throws StoreSealedError and the place keeps what it had. Returns the path.
   */
  close(): string {
    const descriptor = this.#open()
    this.#told(() =>
      this.#store.transact(() => {
        fsyncSync(descriptor)
        mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 })
        renameSync(this.#temporary, this.path)
        syncDirectory(dirname(this.path))
      }),
    )
    this.#descriptor = undefined
    closeSync(descriptor)
    return this.path
  }

  /** Forgets what was written. After `close` it does nothing. */
  abort(): void {
    if (this.#descriptor === undefined) return
    closeSync(this.#descriptor)
    this.#descriptor = undefined
    rmSync(this.#temporary, { force: true })
  }

  #told<T>(deed: () => T): T {
    try {
      return deed()
    } catch (error) {
      throw translateFileError(error, this.path)
    }
  }

  #open(): number {
    if (this.#descriptor === undefined) throw new ConstraintError(`${this.path} is closed already`)
    return this.#descriptor
  }
}
