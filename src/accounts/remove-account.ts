/**
 * Removing an account for good.
 *
 * One site transaction takes the account's rows away and records the deed with the directory; from then on nobody can
 * log in. Then the directory is renamed into the site's `temp/` and deleted, and the record removed. A crash in
 * between leaves a directory that no account names; the next opening goes on deleting it.
 *
 * An archive of the store, where one is wanted, is made before by whoever calls this.
 */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { fsyncPath } from '../base/atomic-file.js'
import { assertInside, safeJoin } from '../base/safe-path.js'
import { noteAccountChange } from '../site/account-fence.js'
import { beginDeed, type Deed, finishDeed, registerDeedRecovery } from '../site/deeds.js'
import { directoryOf } from '../site/layout.js'
import type { Site } from '../site/site.js'
import { SubStore } from '../store-engine/sub-store.js'
import { removeAccountRows, subStoreOf } from './account-rows.js'
import type { LoginAccount } from './login-account.js'

const REMOVE = 'remove-account'

/**
 * Removes an account, its addresses and its store. There is no way back.
 *
 * @throws AccountMovingError while a move is past its seal; nothing is removed.
 */
export function removeAccount(site: Site, account: LoginAccount): void {
  const deed = site.store.transact(() => {
    noteAccountChange(site, account.storeID)
    const directory = subStoreOf(account)?.storepath ?? null
    const begun = beginDeed(site, REMOVE, { path: directory && pathBelowFiles(site, directory) })
    removeAccountRows(site.store, account)
    return begun
  })
  removeDirectory(site, deed)
}

function removeDirectory(site: Site, deed: Deed): void {
  const path = deed.detail['path']
  const grave = safeJoin(site.store.temporaryDirectory ?? '', `removed-${deed.id}`)
  if (typeof path === 'string') {
    const directory = directoryOf(site.store, path.split('/'))
    const isNamed = site.store.findFirst(SubStore, SubStore.storepath.equals(directory)) !== undefined
    if (!isNamed && existsSync(directory)) {
      assertInside(site.store.filesDirectory ?? '', directory)
      renameSync(directory, grave)
      fsyncPath(dirname(directory))
    }
  }
  rmSync(grave, { recursive: true, force: true })
  finishDeed(site, deed)
}

function pathBelowFiles(site: Site, directory: string): string {
  return directory.slice((site.store.filesDirectory ?? '').length + 1)
}

registerDeedRecovery(REMOVE, removeDirectory)
