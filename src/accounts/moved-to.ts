import { toIso } from '../base/clock.js'
import type { Tombstone } from '../site/tombstones.js'

/** Where an address that has left a site went, as that site's tombstone says. */
export interface MovedTo {
  /** The directory of the site that took the user in, on the machine of the move. */
  readonly path: string | null
  readonly siteId: string | null
  /** Base URL under which people reach that site; null where nobody has told. */
  readonly publicUrl: string | null
  /** Which life of the store went there: it rises with every move. */
  readonly epoch: number
  /** When the address left; RFC 3339. */
  readonly since: string
  readonly storeId: string
  /** The number of the move in the journals of both sites. */
  readonly transferId: string | null
}

export function movedTo(stone: Tombstone): MovedTo {
  const { targetPath, targetSiteId, publicUrl, epoch, created, storeId, transferId } = stone
  return {
    path: targetPath,
    siteId: targetSiteId,
    publicUrl,
    epoch,
    since: toIso(BigInt(created)),
    storeId,
    transferId,
  }
}
