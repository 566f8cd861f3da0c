/**
 * The image of a database that its user goes on writing: taken once, checked and hashed at leisure, and made equal
 * again to what the database has become.
 *
 * Whether anybody has committed since is told by one number, SQLite's data version as seen by a connection that was open
 * all the while and wrote nothing but the fence. Where it has moved, the image is compared with the database byte for
 * byte, and only what differs is written and flushed; so the time under a seal does not contain SQLite's check, and
 * flushing and hashing only of what has changed.
 *
 * The image is never read as a file while SQLite has it open here: closing a descriptor would drop SQLite's locks.
 */
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StoreMovedError } from '../../store-engine/errors.js'
import { amendImage } from '../../store-engine/images/amend-image.js'
import {
  type CopiedDatabase,
  copyDatabase,
  isLargeDatabase,
  syncImage,
} from '../../store-engine/images/backup-image.js'
import { rootOf } from '../../store-engine/images/block-hashes.js'
import { inImageThread } from '../../store-engine/images/image-threads.js'
import type { Store } from '../../store-engine/store.js'
import { VerificationError } from '../transfer-errors.js'
import { assertPlainSchema, assertSound, countRows, differenceOfRows } from './database-check.js'
import type { LiveCopyOptions } from './live-copy.js'
import { openCarried } from './open-carried.js'
import { contentFacts, type DatabaseFacts } from './staged-image.js'

/** Milliseconds for which a large database may be waited for until its log is empty. */
const PATIENCE = 100
/** Milliseconds between two looks at how far the image has come. */
const LOOK = 200

export class LiveImage {
  readonly #original: Store
  readonly #from: string
  readonly #staging: string
  readonly #options: LiveCopyOptions
  #dataVersion = -1
  #hashes: Uint8Array = new Uint8Array()
  #facts: DatabaseFacts | undefined
  #taken = 0

  /**
   * @param original - a connection to the database; nothing but the fence may be written through it.
   * @param staging - where the image is put, as `db.sqlite`.
   */
  constructor(original: Store, staging: string, options: LiveCopyOptions) {
    this.#original = original
    this.#from = original.directory ?? ''
    this.#staging = staging
    this.#options = options
  }

  /** How often the database was read. */
  get taken(): number {
    return this.#taken
  }

  get facts(): DatabaseFacts {
    if (this.#facts === undefined) throw new TypeError('no image was taken yet')
    return this.#facts
  }

  /** Whether somebody has committed since the image was taken or amended. */
  get isOutdated(): boolean {
    return this.#readDataVersion() !== this.#dataVersion
  }

  /** Takes the image, checks it and flushes it to the disk. */
  async take(): Promise<void> {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${this.#file}${suffix}`, { force: true })
    this.#rest()
    const { bytes } = await this.#unlessMoved(this.#watched(copyDatabase(this.#from, this.#file, { sync: false })))
    this.#taken += 1
    this.#options.signal?.throwIfAborted()
    const [hashes] = await Promise.all([inImageThread('hashBlocks', this.#file), this.check(), syncImage(this.#file)])
    this.#hashes = hashes
    this.#facts = this.#read(bytes)
  }

  /**
   * Makes the image equal to the database as it is now, and flushes what has changed. It is checked again only where a
   * full check was asked for.
   */
  async amend(): Promise<void> {
    this.#rest()
    const changed = await this.#unlessMoved(amendImage(this.#from, this.#file))
    this.#taken += 1
    this.#hashes = await inImageThread('rehashBlocks', this.#file, this.#hashes, changed)
    if (this.#options.verify === 'full') await this.check()
    this.#facts = this.#read(changed.bytes)
  }

  /** Runs SQLite's check over the image, as deep as was asked for. @throws UnfitDatabaseError */
  async check(): Promise<void> {
    await assertSound(this.#file, this.#options.named, this.#options.verify)
  }

  /** @throws VerificationError unless each table has as many rows in the image as in the database. */
  compareRows(): void {
    const difference = differenceOfRows(countRows(this.#original), this.facts.database.rows)
    if (difference === undefined) return
    throw new VerificationError(`the copy of ${this.#options.named} differs: ${difference}`, { difference })
  }

  get #file(): string {
    return join(this.#staging, 'db.sqlite')
  }

  /** Before the data version is read: emptying the log makes others believe that somebody has committed. */
  #rest(): void {
    if (isLargeDatabase(join(this.#from, 'db.sqlite'))) this.#original.emptyLog(PATIENCE)
    this.#dataVersion = this.#readDataVersion()
  }

  /** Somebody may remove or move the store while it is copied, which is no fault of its disk. */
  async #unlessMoved<T>(copying: Promise<T>): Promise<T> {
    try {
      return await copying
    } catch (error) {
      throw this.#original.hasMoved ? new StoreMovedError(this.#from, error) : error
    }
  }

  /** Tells how the file grows while it is written. */
  async #watched(copying: Promise<CopiedDatabase>): Promise<CopiedDatabase> {
    let told = 0
    const tell = (bytes: number) => {
      if (bytes > told) this.#options.onBytes?.(bytes - told)
      told = Math.max(told, bytes)
    }
    const timer = setInterval(() => tell(statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0), LOOK)
    try {
      const copied = await copying
      tell(copied.bytes)
      return copied
    } finally {
      clearInterval(timer)
    }
  }

  #read(bytes: number): DatabaseFacts {
    using copy = openCarried(this.#staging)
    assertPlainSchema(copy, this.#options.named)
    const { itemTypes, nextEvent, schemaSha256, rows } = contentFacts(copy)
    const pages = copy.sql.value<number>('PRAGMA page_count') ?? 0
    return { itemTypes, nextEvent, database: { bytes, pages, sha256: rootOf(this.#hashes), schemaSha256, rows } }
  }

  #readDataVersion(): number {
    return this.#original.sql.value<number>('PRAGMA data_version') ?? -1
  }
}
