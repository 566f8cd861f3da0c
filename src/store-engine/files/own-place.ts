import { existsSync, lstatSync, mkdirSync, renameSync, rmdirSync, type Stats } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { giveToOwnerOf } from '../../base/atomic-file.js'
import { assertInside } from '../../base/safe-path.js'
import { translateFileError } from '../database/sqlite-errors.js'
import { InvalidPathError, NoFilesAreaError, StoreMovedError } from '../errors.js'
import type { Store } from '../store.js'
import { syncDirectory } from './store-directory.js'

/**
 * Makes sure that a file at `path` is the store's own: below `files/`, reached through no link that leads out of it,
 * and not in a substore, whose own fence says whether its files may change. Nothing has to be there yet.
 * @throws InvalidPathError, NoFilesAreaError; IntegrityError (`PATH_ESCAPES`) for a link.
 */
export function assertOwnPlace(store: Store, path: string): void {
  const files = store.filesDirectory
  if (files === null) throw new NoFilesAreaError(`${store.describe()} has no place for files`)
  const parts = relative(files, path).split(sep)
  if (parts.some(part => part === '' || part === '..')) throw new InvalidPathError(`${path} is not below ${files}`)
  let place = files
  for (const part of parts) {
    place = join(place, part)
    if (isStore(place)) throw new InvalidPathError(`${path} belongs to the store at ${place}`)
  }
  if (statOf(path)?.isDirectory()) throw new InvalidPathError(`${path} is a directory`)
  if (existsSync(files)) assertInside(files, dirname(path))
}

/** A database alone, kept among the files, makes no store. */
function isStore(directory: string): boolean {
  return existsSync(join(directory, 'db.sqlite')) && existsSync(join(directory, 'files'))
}

/**
 * Makes the missing ones of the directories above `path`, mode 0700, as lasting as the file will be; made by root, they
 * belong to the owner of the directory that they are in. Returns them, the outermost first.
 */
export function makeDirectoriesAbove(path: string): readonly string[] {
  const outermost = mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const made: string[] = []
  if (outermost === undefined) return made
  for (let each = dirname(path); each !== dirname(outermost); each = dirname(each)) made.unshift(each)
  for (const each of made) {
    giveToOwnerOf(dirname(each), each)
    syncDirectory(dirname(each))
  }
  return made
}

/**
 * Makes a directory of a store where it is missing, and nothing above it: a store that was moved away while it was open
 * must not be begun anew in its old place.
 */
export function makeDirectoryOfStore(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return
    throw error
  }
  giveToOwnerOf(dirname(directory), directory)
  syncDirectory(dirname(directory))
}

/** Renames a file of `temp/` to `path`, which then holds it for good. To be called in a write transaction of the store. */
export function putInPlace(store: Store, temporary: string, path: string): void {
  assertOwnPlace(store, path)
  const made = makeDirectoriesAbove(path)
  try {
    renameSync(temporary, path)
  } catch (error) {
    removeMade(made)
    throw error
  }
  syncDirectory(dirname(path))
}

/** Takes directories away again that were made for a file that did not come. Those that hold something stay. */
export function removeMade(directories: readonly string[]): void {
  for (const each of directories.toReversed()) {
    try {
      rmdirSync(each)
    } catch {
      return
    }
  }
}

/** What is at `path`, links not followed; undefined where there is nothing. */
export function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw translatePlaceError(error, path)
  }
}

const NO_SUCH_PLACE = new Set(['EEXIST', 'EISDIR', 'ENAMETOOLONG', 'ENOTDIR', 'ELOOP'])

/** What the operating system says of a file of `store`, in our own words; also where the whole store has gone away. */
export function translatePlaceError(error: unknown, path: string, store?: Store): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  const home = store?.directory ?? null
  if (code === 'ENOENT' && home !== null && !existsSync(join(home, 'db.sqlite')))
    return new StoreMovedError(home, error)
  if (code !== undefined && NO_SUCH_PLACE.has(code)) return new InvalidPathError(`${path} cannot be a file: ${message}`)
  return translateFileError(error, path)
}
