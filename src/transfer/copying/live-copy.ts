/**
 * A copy of a user's store that is made while the user works, and made good once the store is sealed.
 *
 * The first image of the database is taken in one step by another thread, and its files are copied with their hashes;
 * the copy is checked at leisure. After the seal, one number tells whether anybody has committed since the image:
 * SQLite's data version as seen by a connection that was open all the while and wrote nothing but the fence. Only
 * where it has moved is a second image taken; files are compared by their identity and copied again one by one.
 *
 * The database of a copy is hashed before SQLite opens it here: closing a descriptor of a database that this process
 * has open would drop SQLite's locks.
 */
import { existsSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { StoreUnreadableError } from '../../store-engine/database/sqlite-errors.js'
import { copyDatabase, syncImage } from '../../store-engine/images/backup-image.js'
import type { Store } from '../../store-engine/store.js'
import type { Manifest } from '../archive/manifest.js'
import { StoreInUseError, VerificationError } from '../transfer-errors.js'
import { type CopiedFile, copyFileHashed, fsyncDirectories, hashFile, makeTreeDirectory } from './copy-file.js'
import { assertPlainSchema, assertSound, countRows, differenceOfRows } from './database-check.js'
import { compareTrees, listTree, type TreeEntry } from './file-tree.js'
import { openCarried } from './open-carried.js'
import { contentFacts, type DatabaseFacts } from './staged-image.js'

export interface LiveCopyOptions {
  /** How messages call the user. */
  readonly named: string
  /** Whether the original must not be written at all; then it cannot be sealed. */
  readonly readonly?: boolean | undefined
  readonly verify?: 'quick' | 'full' | undefined
  readonly onBytes?: ((bytes: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** What a manifest says about the bytes. */
export type Contents = Pick<Manifest, 'database' | 'directories' | 'files' | 'itemTypes' | 'nextEvent'>

export class LiveCopy implements Disposable {
  /** A connection to the original; only the fence may be written through it until this is disposed. */
  readonly original: Store
  readonly #from: string
  readonly #staging: string
  readonly #options: LiveCopyOptions
  #dataVersion = -1
  #tree: readonly TreeEntry[] = []
  #files = new Map<string, CopiedFile>()
  #facts: DatabaseFacts | undefined
  #images = 0

  /** @param staging - an existing directory, on the disk of the target. */
  constructor(from: string, staging: string, options: LiveCopyOptions) {
    this.#from = from
    this.#staging = staging
    this.#options = options
    this.original = openCarried(from, { readonly: options.readonly ?? false })
  }

  /** How many images of the database were needed. */
  get images(): number {
    return this.#images
  }

  /** Copies everything while the user works, and checks the copy of the database. */
  async copy(): Promise<void> {
    await makeTreeDirectory(join(this.#staging, 'files'))
    // The image is another thread's work. Both must have ended before anybody removes the staging directory.
    const [image, files] = await Promise.allSettled([this.#takeImage(), this.#followFiles()])
    for (const part of [image, files]) if (part.status === 'rejected') throw part.reason
  }

  /**
   * Follows a store that is not sealed until nobody has written it for the time of a round.
   *
   * @returns false when its users wrote in every round: image and files are then of slightly different moments.
   */
  async chase(rounds = 5): Promise<boolean> {
    for (let round = 0; round < rounds; round++) {
      if (await this.isUntouched()) return true
      if (this.#readDataVersion() !== this.#dataVersion) await this.#takeImage()
      await this.#followFiles()
    }
    return this.isUntouched()
  }

  /** To be called when the store is sealed: copies again whatever has changed since {@link copy}. */
  async settle(): Promise<void> {
    if (this.#readDataVersion() !== this.#dataVersion) await this.#takeImage()
    await this.#followFiles()
    this.#compareRows()
  }

  /**
   * Holds the sealed original against what was copied once more; cheap.
   *
   * @throws StoreInUseError when somebody has written it although it is sealed.
   */
  async assertUntouched(): Promise<void> {
    if (await this.isUntouched()) return
    throw new StoreInUseError(`somebody has written the store of ${this.#options.named} although it is sealed`, {
      directory: this.#from,
    })
  }

  /** Whether nobody has written the original since it was copied last. */
  async isUntouched(): Promise<boolean> {
    const { changed, gone } = compareTrees(this.#tree, await this.#listFiles())
    return this.#readDataVersion() === this.#dataVersion && changed.length + gone.length === 0
  }

  contents(): Contents {
    if (this.#facts === undefined) throw new TypeError('nothing was copied yet')
    return {
      ...this.#facts,
      directories: this.#tree.filter(entry => entry.kind === 'directory').map(entry => entry.path),
      files: this.#tree.flatMap(entry => this.#files.get(entry.path) ?? []),
    }
  }

  [Symbol.dispose](): void {
    this.original.close()
  }

  async #takeImage(): Promise<void> {
    const image = join(this.#staging, 'db.sqlite')
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${image}${suffix}`, { force: true })
    // Before the data version is read: emptying the log makes others believe that somebody has committed.
    this.original.emptyLog(100)
    this.#dataVersion = this.#readDataVersion()
    const { pages } = await copyDatabase(this.#from, image, { sync: false })
    this.#images += 1
    this.#options.signal?.throwIfAborted()
    const [{ bytes, sha256 }] = await Promise.all([
      hashFile(image, this.#options),
      assertSound(image, this.#options.named, this.#options.verify),
      syncImage(image),
    ])
    using copy = openCarried(this.#staging)
    assertPlainSchema(copy, this.#options.named)
    const { itemTypes, nextEvent, schemaSha256, rows } = contentFacts(copy)
    this.#facts = { itemTypes, nextEvent, database: { bytes, pages, sha256, schemaSha256, rows } }
  }

  /** The files of the original; a store that is not there any more is no store without files. */
  async #listFiles(): Promise<readonly TreeEntry[]> {
    const tree = await listTree(join(this.#from, 'files'))
    if (existsSync(join(this.#from, 'db.sqlite'))) return tree
    throw new StoreUnreadableError(this.#from, new Error('it is not there any more'), { act: 'read' })
  }

  /** A file that was removed between listing and copying; the next listing knows. */
  #ifVanished({ path }: TreeEntry, error: NodeJS.ErrnoException): void {
    if (error.code !== 'ENOENT' || existsSync(join(this.#from, 'files', path))) throw error
  }

  #readDataVersion(): number {
    return this.original.sql.value<number>('PRAGMA data_version') ?? -1
  }

  #compareRows(): void {
    const difference = differenceOfRows(countRows(this.original), this.#facts?.database.rows ?? {})
    if (difference === undefined) return
    throw new VerificationError(`the copy of ${this.#options.named} differs: ${difference}`, { difference })
  }

  async #followFiles(): Promise<void> {
    const now = await this.#listFiles()
    const { changed, gone } = compareTrees(this.#tree, now)
    for (const { path } of gone) {
      rmSync(join(this.#staging, 'files', path), { recursive: true, force: true })
      this.#files.delete(path)
    }
    for (const entry of changed) await this.#copyEntry(entry).catch(error => this.#ifVanished(entry, error))
    this.#tree = now
    const directories = now.filter(entry => entry.kind === 'directory').map(entry => entry.path)
    if (changed.length + gone.length > 0) await fsyncDirectories(join(this.#staging, 'files'), directories)
  }

  async #copyEntry({ path, kind }: TreeEntry): Promise<void> {
    this.#options.signal?.throwIfAborted()
    const from = join(this.#from, 'files', path)
    const to = join(this.#staging, 'files', path)
    if (kind === 'directory') return makeTreeDirectory(to)
    if (kind === 'database') {
      rmSync(to, { force: true })
      await copyDatabase(dirname(from), to, { fileName: basename(from) })
    }
    const copied = kind === 'file' ? await copyFileHashed(from, to, this.#options) : await hashFile(to, this.#options)
    this.#files.set(path, { path, ...copied })
  }
}
