import { renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConflictError, NotFoundError } from '../../base/errors.js'
import type { Store } from '../store.js'
import { assertOwnPlace, makeDirectoriesAbove, removeMade, statOf, translatePlaceError } from './own-place.js'
import { syncDirectory } from './store-directory.js'

/**
 * Gives a file of a store another name below its `files/`, inside a write transaction of the store; it is durable when
 * this returns. Paths are absolute, as `store.filePath` gives them. Items that hold the old path are not changed.
 * Where the transaction is part of a larger one that is undone, the new name stays.
 * @throws NotFoundError, ConflictError where `to` exists, InvalidPathError, StoreSealedError; nothing was renamed.
 */
export function renameFile(store: Store, from: string, to: string): void {
  store.transact(() => {
    for (const path of [from, to]) assertOwnPlace(store, path)
    if (statOf(from) === undefined) throw new NotFoundError(`there is no file ${from}`)
    if (statOf(to) !== undefined) throw new ConflictError(`${to} exists already`, { code: 'PATH_TAKEN' })
    try {
      move(from, to)
    } catch (error) {
      throw translatePlaceError(error, to, store)
    }
  })
}

function move(from: string, to: string): void {
  const made = makeDirectoriesAbove(to)
  try {
    renameSync(from, to)
  } catch (error) {
    removeMade(made)
    throw error
  }
  for (const directory of new Set([dirname(to), dirname(from)])) syncDirectory(directory)
}
