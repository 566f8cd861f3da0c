import { dirname, join } from 'node:path'
import { giveToOwnerOf } from '../../base/atomic-file.js'
import { InvalidPathError, NoFilesAreaError } from '../errors.js'
import type { Store } from '../store.js'
import { makeDirectoryOfStore, putInPlace, translatePlaceError } from './own-place.js'
import { isTemporaryName, newTemporaryName } from './temporary-file.js'

/**
 * A path in `temp/` under which nothing is, for a file that takes long to come: one that is written asynchronously while
 * the store may be closed and opened again. Whoever writes it puts it in its place with {@link placeFile} or removes it;
 * what a killed process leaves, `check --repair` takes away.
 * @throws NoFilesAreaError, ReadOnlyStoreError
 */
export function newTemporaryPath(store: Store): string {
  const directory = store.temporaryDirectory
  if (directory === null) throw new NoFilesAreaError(`${store.describe()} has no place for files`)
  store.engine.transactions.assertMayWrite()
  makeDirectoryOfStore(directory)
  return join(directory, newTemporaryName())
}

/**
 * Gives a file that was written under a {@link newTemporaryPath}, and flushed, its place below `files/`, inside a write
 * transaction of the store; what was there is replaced. The name is durable when this returns. Where the transaction is
 * part of a larger one that is undone, the file stays.
 * @throws InvalidPathError, StoreSealedError, StoreMovedError; nothing was renamed.
 */
export function placeFile(store: Store, temporary: string, path: string): void {
  if (dirname(temporary) !== store.temporaryDirectory || !isTemporaryName(temporary))
    throw new InvalidPathError(`${temporary} is no temporary file of ${store.describe()}`)
  store.transact(() => {
    try {
      giveToOwnerOf(dirname(temporary), temporary)
      putInPlace(store, temporary, path)
    } catch (error) {
      throw translatePlaceError(error, path, store)
    }
  })
}
