import type { Site } from '../site/site.js'
import { TransferRefusedError } from './transfer-errors.js'

/** The highest epoch that this site has ever seen of a store; 0 for one that it never heard of. */
export function knownEpoch(site: Site, storeId: string): number {
  const epoch = site.store.sql.value<number>(
    `SELECT max(epoch) FROM (
      SELECT coalesce(to_epoch, from_epoch) AS epoch FROM mantissa_transfer WHERE store_id = ?
      UNION ALL SELECT epoch FROM mantissa_tombstone WHERE store_id = ?)`,
    storeId,
    storeId,
  )
  return epoch ?? 0
}

/**
 * A store that lives here cannot come here once more under its own identity: it would have two owners.
 *
 * @throws TransferRefusedError (`STORE_IS_HERE`)
 */
export function refuseActiveStore(site: Site, storeId: string): void {
  const here = site.store.sql.value<string>(
    `SELECT arrived.address FROM mantissa_transfer AS arrived
      WHERE arrived.store_id = ? AND arrived.role = 'target' AND arrived.state IN ('ACTIVE', 'CONFIRMED', 'CLOSED')
        AND NOT EXISTS (SELECT 1 FROM mantissa_transfer AS left WHERE left.store_id = arrived.store_id
          AND left.role = 'source' AND left.state IN ('HANDED_OVER', 'PURGED') AND left.id > arrived.id)`,
    storeId,
  )
  if (here === undefined) return
  throw new TransferRefusedError(`the store is here already: it belongs to ${here}`, {
    code: 'STORE_IS_HERE',
    hint: 'import a copy under another name with --as, or remove that user first',
    details: { storeId, address: here },
  })
}
