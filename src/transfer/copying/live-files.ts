/**
 * The copy of a `files/` tree that its user goes on changing; following it again copies only what has changed.
 */
import { existsSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { StoreUnreadableError } from '../../store-engine/database/sqlite-errors.js'
import { copyDatabase } from '../../store-engine/images/backup-image.js'
import { type CopiedFile, copyFileHashed, fsyncDirectories, hashFile, makeTreeDirectory } from './copy-file.js'
import { compareTrees, listTree, type TreeEntry } from './file-tree.js'
import type { LiveCopyOptions } from './live-copy.js'

/** Files that are copied at once: most of the time of each is waiting for the disk. */
const LANES = 4

export class LiveFiles {
  readonly #from: string
  readonly #to: string
  readonly #options: LiveCopyOptions
  readonly #files = new Map<string, CopiedFile>()
  #tree: readonly TreeEntry[] = []

  /**
   * @param from - `files/` of a store.
   * @param to - the root of the copy; made when it is missing.
   */
  constructor(from: string, to: string, options: LiveCopyOptions) {
    this.#from = from
    this.#to = to
    this.#options = options
  }

  get directories(): readonly string[] {
    return pathsOf(this.#tree, 'directory')
  }

  /** In the order of their paths. */
  get files(): readonly CopiedFile[] {
    return this.#tree.flatMap(entry => this.#files.get(entry.path) ?? [])
  }

  /** Whether nothing has changed since it was followed last. */
  async isUntouched(): Promise<boolean> {
    const { changed, gone } = compareTrees(this.#tree, await this.#list())
    return changed.length + gone.length === 0
  }

  /** A store that is not there any more is no store without files. */
  async #list(): Promise<readonly TreeEntry[]> {
    const tree = await listTree(this.#from, this.#tree)
    const directory = dirname(this.#from)
    if (existsSync(join(directory, 'db.sqlite'))) return tree
    throw new StoreUnreadableError(directory, new Error('it is not there any more'), { act: 'read' })
  }

  /** A file that was removed between listing and copying; the next listing knows. */
  #ifVanished({ path }: TreeEntry, error: NodeJS.ErrnoException): void {
    if (error.code !== 'ENOENT' || existsSync(join(this.#from, path))) throw error
  }

  /** Copies what is new or has changed, removes what is gone, and flushes it all to the disk. */
  async follow(): Promise<void> {
    await makeTreeDirectory(this.#to)
    const now = await this.#list()
    const { changed, gone } = compareTrees(this.#tree, now)
    for (const { path } of gone) {
      rmSync(join(this.#to, path), { recursive: true, force: true })
      this.#files.delete(path)
    }
    for (const path of pathsOf(changed, 'directory')) await makeTreeDirectory(join(this.#to, path))
    await this.#copyAll(changed.filter(({ kind }) => kind !== 'directory'))
    this.#tree = now
    if (changed.length + gone.length > 0) await fsyncDirectories(this.#to, this.directories)
  }

  /** Ends when no lane works any more, also when one has failed: then somebody may remove the copy. */
  async #copyAll(entries: readonly TreeEntry[]): Promise<void> {
    const rest = entries.values()
    const lane = async () => {
      for (const entry of rest) await this.#copyEntry(entry).catch(error => this.#ifVanished(entry, error))
    }
    const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane))
    for (const { reason } of lanes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[])
      throw reason
  }

  async #copyEntry({ path, kind }: TreeEntry): Promise<void> {
    this.#options.signal?.throwIfAborted()
    const from = join(this.#from, path)
    const to = join(this.#to, path)
    if (kind === 'database') {
      rmSync(to, { force: true })
      await copyDatabase(dirname(from), to, { fileName: basename(from) })
    }
    const copied = kind === 'file' ? await copyFileHashed(from, to, this.#options) : await hashFile(to, this.#options)
    this.#files.set(path, { path, ...copied })
  }
}

function pathsOf(entries: readonly TreeEntry[], kind: TreeEntry['kind']): readonly string[] {
  return entries.filter(entry => entry.kind === kind).map(({ path }) => path)
}
