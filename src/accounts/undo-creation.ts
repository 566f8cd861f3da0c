import { rmSync } from 'node:fs'
import { safeJoin } from '../base/safe-path.js'
import { type Deed, finishDeed, registerDeedRecovery } from '../site/deeds.js'
import { directoryOf } from '../site/layout.js'
import { releaseReservations } from '../site/reservations.js'
import type { Site } from '../site/site.js'
import { SubStore } from '../store-engine/sub-store.js'

/** The kind of the deed that creates accounts. */
export const CREATE_ACCOUNTS = 'create-accounts'

/** Where a creation builds its stores. */
export function stagingOf(site: Site, deed: Deed): string {
  return safeJoin(site.store.temporaryDirectory ?? '', `creating-${deed.id}`)
}

/**
 * Takes back a creation that did not come to its end. The recorded directories did not exist when the deed was
 * recorded and have been reserved since, so whatever lies there is the deed's own work; one that an account names all
 * the same is left alone.
 */
export function undoCreation(site: Site, deed: Deed): void {
  for (const path of deed.detail['directories'] as readonly string[]) {
    const directory = directoryOf(site.store, path.split('/'))
    if (site.store.findFirst(SubStore, SubStore.storepath.equals(directory)) !== undefined) continue
    rmSync(directory, { recursive: true, force: true })
  }
  rmSync(stagingOf(site, deed), { recursive: true, force: true })
  site.store.transact(() => {
    releaseReservations(site, deed.id)
    finishDeed(site, deed)
  })
}

registerDeedRecovery(CREATE_ACCOUNTS, undoCreation)
