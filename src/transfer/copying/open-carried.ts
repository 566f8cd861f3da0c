import { lstatSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { Store, type StoreOptions } from '../../store-engine/store.js'
import { UnmovableFileError } from '../transfer-errors.js'

/**
 * Opens the store of a user who is being moved. Moving carries what it does not understand: a newer version of a
 * known item type is no hindrance here.
 *
 * @throws UnmovableFileError where the database is a link, which would bring somebody else's store along, or something
 *   that is no file: opening a pipe waits for ever.
 */
export function openCarried(directory: string, options: StoreOptions = {}): Store {
  for (const suffix of ['', '-wal', '-shm', '-journal']) refuseStrange(join(directory, `db.sqlite${suffix}`))
  return Store.open(directory, { ...options, tolerateNewer: true })
}

function refuseStrange(path: string): void {
  const facts = lookAt(path)
  if (facts === undefined || facts.isFile()) return
  const what = facts.isSymbolicLink() ? 'is a symbolic link, not a regular file' : 'is no regular file'
  throw new UnmovableFileError(path, what)
}

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch {
    // Nothing there, or nothing that one may look at: opening the store says which.
    return undefined
  }
}
