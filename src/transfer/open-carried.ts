import { Store, type StoreOptions } from '../store-engine/store.js'

/**
 * Opens the store of a user who is being moved. Moving carries what it does not understand: a newer version of a
 * known item type is no hindrance here.
 */
export function openCarried(directory: string, options: StoreOptions = {}): Store {
  return Store.open(directory, { ...options, tolerateNewer: true })
}
