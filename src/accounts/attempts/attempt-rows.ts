import type { Site } from '../../site/site.js'
import { type Counted, FORGOTTEN_AFTER, waitAfter } from './attempt-limits.js'

/** What is counted, and for whom: a hash of a name, a network address, a browser. */
export interface CountedKey {
  readonly counted: Counted
  readonly key: string
}

export interface Failures {
  readonly failures: number
  /** Microseconds since 1970. */
  readonly blockedUntil: bigint
}

const NONE: Failures = { failures: 0, blockedUntil: 0n }

/** How many rows are kept; who fills more than that in an hour has the oldest forgotten. */
const MOST_ROWS = 50_000
/** Old rows are removed with every so many failures. */
const SWEEP_EVERY = 50

let untilSweep = 0

export function readFailures(site: Site, { counted, key }: CountedKey): Failures {
  const row = site.store.sql.get<{ failures: number; last: number; blocked: number }>(
    `SELECT failures, last, blocked_until AS blocked FROM mantissa_login_attempt WHERE kind = ? AND key = ?`,
    counted,
    key,
  )
  if (row === undefined || BigInt(row.last) + FORGOTTEN_AFTER < site.clock()) return NONE
  return { failures: row.failures, blockedUntil: BigInt(row.blocked) }
}

/** Counts one failure more; part of a transaction. */
export function addFailure(site: Site, counted: CountedKey): void {
  const now = site.clock()
  const failures = readFailures(site, counted).failures + 1
  site.store.sql.run(
    `INSERT OR REPLACE INTO mantissa_login_attempt (kind, key, failures, last, blocked_until) VALUES (?, ?, ?, ?, ?)`,
    counted.counted,
    counted.key,
    failures,
    now,
    now + waitAfter(counted.counted, failures),
  )
  untilSweep -= 1
  if (untilSweep > 0) return
  untilSweep = SWEEP_EVERY
  sweep(site, now - FORGOTTEN_AFTER)
}

/** Part of a transaction. */
export function forgetFailures(site: Site, { counted, key }: CountedKey): void {
  site.store.sql.run('DELETE FROM mantissa_login_attempt WHERE kind = ? AND key = ?', counted, key)
}

function sweep(site: Site, before: bigint): void {
  const { sql } = site.store
  sql.run('DELETE FROM mantissa_login_attempt WHERE last < ?', before)
  const oldest = `SELECT last FROM mantissa_login_attempt ORDER BY last DESC LIMIT 1 OFFSET ${MOST_ROWS}`
  sql.run(`DELETE FROM mantissa_login_attempt WHERE last <= (${oldest})`)
}
