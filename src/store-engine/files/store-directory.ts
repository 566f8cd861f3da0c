import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { giveToOwnerOf } from '../../base/atomic-file.js'
import { ConflictError } from '../../base/errors.js'
import { translateFileError } from '../database/sqlite-errors.js'

/** The four entries of every store (format section 1.1). */
const SUBDIRECTORIES = ['files', 'run', 'temp'] as const

export interface StoreDirectoryOptions {
  /** Where the directory is built before it is renamed into place; must be on the same file system. Default: beside. */
  readonly stagingDirectory?: string
  /** False when the caller syncs the parent itself after many. Default true. */
  readonly syncParent?: boolean
}

/**
 * Makes a store directory from the image of its database, as one step: it is built under another name, written
 * through to the disk, and renamed. Directories are 0700, files 0600; made by root, they belong to the owner of the
 * parent directory.
 *
 * A crash leaves nothing, or the whole store, or an entry in the staging directory that nobody refers to.
 * @throws ConflictError when `directory` exists; it is left as it is. DiskFullError, ReadOnlyStoreError: nothing is left.
 */
export function writeStoreDirectory(directory: string, image: Uint8Array, options: StoreDirectoryOptions = {}): void {
  const staged = stage(directory, image, options)
  try {
    for (const path of [join(staged, 'db.sqlite'), staged]) syncDirectory(path)
    putInPlace(staged, directory)
  } catch (error) {
    throw undone(staged, directory, error)
  }
  if (options.syncParent === false) return
  try {
    syncDirectory(dirname(directory))
  } catch (error) {
    throw undone(directory, directory, error)
  }
}

/**
 * The same for those who make many: the disk is waited for outside of the thread, so several can be under way.
 * @throws ConflictError as {@link writeStoreDirectory}.
 */
export async function writeStoreDirectoryAside(
  directory: string,
  image: Uint8Array,
  options: StoreDirectoryOptions = {},
): Promise<void> {
  const staged = stage(directory, image, options)
  try {
    for (const path of [join(staged, 'db.sqlite'), staged]) await syncAside(path)
    putInPlace(staged, directory)
  } catch (error) {
    throw undone(staged, directory, error)
  }
  if (options.syncParent === false) return
  try {
    await syncAside(dirname(directory))
  } catch (error) {
    throw undone(directory, directory, error)
  }
}

/**
 * Takes away a store that was just made and that nobody knows of. It leaves its name first, so that half of it never
 * has that name. Where the disk does not even let go of it, it stays: whole, or under another name.
 */
export function discardStoreDirectory(directory: string): void {
  const aside = join(dirname(directory), stagingName(directory))
  try {
    renameSync(directory, aside)
    rmSync(aside, { recursive: true, force: true })
  } catch {
    // The caller is about to tell why it had to go.
  }
}

function undone(written: string, directory: string, error: unknown): unknown {
  discardStoreDirectory(written)
  return translateFileError(error, directory)
}

/** Somebody else may have been quicker since `stage` looked. */
function putInPlace(staged: string, directory: string): void {
  try {
    renameSync(staged, directory)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR' ? taken(directory) : error
  }
}

function taken(directory: string): ConflictError {
  return new ConflictError(`${directory} exists already`, { code: 'PATH_TAKEN' })
}

function stagingName(directory: string): string {
  return `.${basename(directory)}.${randomBytes(6).toString('hex')}`
}

/** Builds the store under another name, not flushed yet, and returns where. On failure nothing is left. */
function stage(directory: string, image: Uint8Array, options: StoreDirectoryOptions): string {
  const parent = dirname(directory)
  if (existsSync(directory)) throw taken(directory)
  const staged = join(options.stagingDirectory ?? parent, stagingName(directory))
  try {
    mkdirSync(parent, { recursive: true, mode: 0o700 })
    mkdirSync(staged, { mode: 0o700 })
    for (const name of SUBDIRECTORIES) mkdirSync(join(staged, name), { mode: 0o700 })
    writeImage(join(staged, 'db.sqlite'), image)
    adoptOwner(staged, parent)
  } catch (error) {
    throw undone(staged, directory, error)
  }
  return staged
}

function writeImage(path: string, content: Uint8Array): void {
  const descriptor = openSync(path, 'wx', 0o600)
  try {
    for (let written = 0; written < content.length; ) written += writeSync(descriptor, content, written)
  } finally {
    closeSync(descriptor)
  }
}

async function syncAside(path: string): Promise<void> {
  const descriptor = openSync(path, 'r')
  try {
    await new Promise<void>((resolve, reject) => fsync(descriptor, error => (error ? reject(error) : resolve())))
  } finally {
    closeSync(descriptor)
  }
}

/** fsync of a directory: what was renamed into it is there after a power cut. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** What root makes belongs to the owner of where it lies. */
function adoptOwner(staged: string, parent: string): void {
  for (const name of ['', 'db.sqlite', ...SUBDIRECTORIES]) giveToOwnerOf(parent, join(staged, name))
}
