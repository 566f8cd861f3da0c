import type { Site } from '../site/site.js'

/** That an account was endowed with one powerup of an offering. */
export interface Endowment {
  readonly offering: string
  readonly powerup: string
}

/** What an account (the storeID of its LoginAccount in the site) was endowed with here, by name. */
export function listEndowments(site: Site, accountId: number): readonly Endowment[] {
  if (!site.hasAdminTables) return []
  return site.store.sql.all<Endowment>(
    'SELECT offering, powerup FROM mantissa_endowment WHERE account_id = ? ORDER BY offering, powerup',
    accountId,
  )
}

/** How many accounts have something of an offering. */
export function countEndowed(site: Site, offering: string): number {
  if (!site.hasAdminTables) return 0
  const row = site.store.sql.get<{ count: number }>(
    'SELECT count(DISTINCT account_id) AS count FROM mantissa_endowment WHERE offering = ?',
    offering,
  )
  return row?.count ?? 0
}

/** Accounts that have something of an offering, by their storeIDs, from the one after `after` on. */
export function listEndowed(site: Site, offering: string, after = 0, limit = 50): readonly number[] {
  if (!site.hasAdminTables) return []
  return site.store.sql.pluck<number>(
    `SELECT DISTINCT account_id FROM mantissa_endowment WHERE offering = ? AND account_id > ?
      ORDER BY account_id LIMIT ?`,
    ...[offering, after, limit],
  )
}

/** Notes an endowment in the site, so that lists by offering need not open every store; twice is once. */
export function noteEndowment(site: Site, accountId: number, { offering, powerup }: Endowment): void {
  site.store.sql.run(
    'INSERT OR IGNORE INTO mantissa_endowment (account_id, offering, powerup, created) VALUES (?, ?, ?, ?)',
    ...[accountId, offering, powerup, site.clock()],
  )
}

export function removeEndowment(site: Site, accountId: number, { offering, powerup }: Endowment): void {
  site.store.sql.run(
    'DELETE FROM mantissa_endowment WHERE account_id = ? AND offering = ? AND powerup = ?',
    ...[accountId, offering, powerup],
  )
}
