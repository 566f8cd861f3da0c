/**
 * Whose administrative powerups do not count at this site, whatever the account's own store holds.
 *
 * Such powerups are items of the user's store, so they travel: a store from a stranger could name its owner an
 * administrator of any site that takes it in. So a site withholds the rights of every account that arrives, and of those
 * that it has deprived of them, until somebody who may write the site itself says otherwise. An account that was made
 * here, or by the original software, has no row and keeps what its store says. The row is of this site alone: it does
 * not leave with the account, and goes when the account does.
 */
import { hasAdminTables } from './admin-tables.js'
import type { Site } from './site.js'

/** `arrived` came from elsewhere with its store, `revoked` was deprived here. */
export type WithheldReason = 'arrived' | 'revoked'

const TABLE = 'mantissa_rights_withheld'

/** Why the rights of an account (the storeID of its LoginAccount) are withheld; undefined where they are not. */
export function rightsWithheld(site: Site, accountId: number): WithheldReason | undefined {
  if (!hasAdminTables(site.store, TABLE)) return undefined
  const sql = `SELECT reason FROM ${TABLE} WHERE account_id = ?`
  return site.store.sql.get<{ reason: WithheldReason }>(sql, accountId)?.reason
}

/** From the end of the transaction on the account is no administrator here. */
export function withholdRights(site: Site, accountId: number, reason: WithheldReason): void {
  const sql = `INSERT OR REPLACE INTO ${TABLE} (account_id, reason, since) VALUES (?, ?, ?)`
  site.store.transact(() => site.store.sql.run(sql, accountId, reason, site.clock()))
}

/** What the account's own store says counts again. */
export function yieldRights(site: Site, accountId: number): void {
  site.store.transact(() => site.store.sql.run(`DELETE FROM ${TABLE} WHERE account_id = ?`, accountId))
}
