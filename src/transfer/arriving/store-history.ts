import { LoginAccount } from '../../accounts/login-account.js'
import type { Site } from '../../site/site.js'
import { TransferRefusedError } from '../transfer-errors.js'

/** The highest epoch that this site has ever seen of a store; 0 for one that it never heard of. */
export function knownEpoch(site: Site, storeId: string): number {
  return highestEpoch(site, storeId, '')
}

/** What arrived and was taken back counts for nothing: nobody has written it. */
const ARRIVED_OR_LEFT = "AND NOT (role = 'target' AND state = 'DISCARDED')"

function highestEpoch(site: Site, storeId: string, restriction: string): number {
  const epoch = site.store.sql.value<number>(
    `SELECT max(epoch) FROM (
      SELECT coalesce(to_epoch, from_epoch) AS epoch FROM mantissa_transfer WHERE store_id = ? ${restriction}
      UNION ALL SELECT epoch FROM mantissa_tombstone WHERE store_id = ?)`,
    storeId,
    storeId,
  )
  return epoch ?? 0
}

/** The highest incarnation under which this site has ever taken a store in; 0 for one that it never heard of. */
export function knownIncarnation(site: Site, storeId: string): number {
  const incarnation = site.store.sql.value<number>(
    "SELECT max(json_extract(plan, '$.incarnation')) FROM mantissa_transfer WHERE store_id = ? AND json_valid(plan)",
    storeId,
  )
  return incarnation ?? 0
}

/**
 * A store that lives here cannot come here once more under its own identity: it would have two owners. It lives here
 * when the last that this site knows of it is that it came, or that it did not leave, and its account is still there.
 *
 * @throws TransferRefusedError (`STORE_IS_HERE`)
 */
export function refuseActiveStore(site: Site, storeId: string): void {
  const last = site.store.sql.get<{ address: string; isHere: number; accountId: number | null }>(
    `SELECT address, account_id AS accountId, state NOT IN ('HANDED_OVER', 'PURGING', 'PURGED') AS isHere FROM mantissa_transfer
      WHERE store_id = ? AND (role = 'source' OR state IN ('ACTIVE', 'CONFIRMED', 'CLOSED')) ORDER BY id DESC LIMIT 1`,
    storeId,
  )
  if (last === undefined || last.isHere === 0 || last.accountId === null) return
  if (!(site.store.findItemById(last.accountId) instanceof LoginAccount)) return
  throw new TransferRefusedError(`the store is here already: it belongs to ${last.address}`, {
    code: 'STORE_IS_HERE',
    hint: 'import a copy under another name with --as, or remove that user first',
    details: { storeId, address: last.address },
  })
}

/**
 * An archive that a user left with is the store only until the store went on: whoever imports an old one would bring
 * back what the user has changed since, and own what somebody else owns now. A departure raises the epoch by one.
 *
 * @throws TransferRefusedError (`ARCHIVE_OUTDATED`)
 */
export function refuseOutdated(site: Site, storeId: string, epoch: number): void {
  const known = highestEpoch(site, storeId, ARRIVED_OR_LEFT)
  if (known <= epoch + 1) return
  throw new TransferRefusedError(`the store has gone on since: it is of epoch ${epoch}, and ${known} was seen here`, {
    code: 'ARCHIVE_OUTDATED',
    hint: 'add --restore when this is all that is left, or import a user as a copy with --as',
    details: { storeId, epoch, known },
  })
}
