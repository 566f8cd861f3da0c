import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Store } from '../store.js'
import { assertOwnPlace, statOf, translatePlaceError } from './own-place.js'
import { syncDirectory } from './store-directory.js'

/**
 * Removes a file of a store, inside a write transaction of the store; it is gone for good when this returns true. False
 * where there was none. `path` is absolute, as `store.filePath` gives it. Where the transaction is part of a larger one
 * that is undone, the file does not come back: remove it last.
 * @throws InvalidPathError for a directory or a place that is not the store's own, StoreSealedError; nothing was removed.
 */
export function removeFile(store: Store, path: string): boolean {
  return store.transact(() => {
    assertOwnPlace(store, path)
    if (statOf(path) === undefined) return false
    try {
      rmSync(path)
      syncDirectory(dirname(path))
    } catch (error) {
      throw translatePlaceError(error, path, store)
    }
    return true
  })
}
