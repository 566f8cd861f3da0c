import type { Site } from './site.js'

/** Whether an account of this site (its storeID) is the one that a store became when it moved or was imported here. */
export function hasArrivedAs(site: Site, storeId: string, accountId: number): boolean {
  if (!site.hasAdminTables) return false
  const sql = `SELECT 1 FROM mantissa_transfer WHERE store_id = ? AND role = 'target' AND account_id = ?`
  return site.store.sql.get(sql, storeId, accountId) !== undefined
}
