/**
 * The plain tables of a site: what administering it needs and what is no item.
 *
 * They stand beside the item tables in the site's `db.sqlite`, so that a change of both is one transaction. The
 * original software ignores tables that `axiom_types` does not name, and a site stays readable there. All of them
 * begin with `mantissa_`, as do the two that a user store may have: the write fence, which belongs to the store engine,
 * and the failures in a row of events that are retried (`scheduling/attempts.ts`).
 *
 * - `mantissa_site` who this site is (one row), `mantissa_setting` what an administrator has set;
 * - `mantissa_audit` who changed what;
 * - `mantissa_deed` deeds over two stores that have begun and not ended, `mantissa_reservation` the names and
 *   directories they hold meanwhile;
 * - `mantissa_transfer` the journal of moves, `mantissa_tombstone` where moved addresses went;
 * - `mantissa_endowment` who has which offering, `mantissa_offering_source` where offerings are loaded from;
 * - `mantissa_login_attempt` how often logins have failed lately;
 * - `mantissa_rights_withheld` whose administrative powerups do not count here.
 *
 * They are made by the first opening that may write. A site that was only ever read has none, so whoever reads one
 * asks {@link hasAdminTables} first. Columns are added, never changed or removed; the format number rises with them.
 */
import { IntegrityError } from '../base/errors.js'
import type { Store } from '../store-engine/store.js'

/** The newest format of the plain tables that this code can write. */
export const ADMIN_FORMAT = 1

/** Rows of the journal that a recovery looks at, few of many: rows are never deleted, and every opening asks. */
export const UNFINISHED = `(is_open = 1 OR (role = 'source' AND state = 'HANDED_OVER' AND confirmed IS NULL)
  OR (role = 'source' AND state = 'PURGING') OR (role = 'target' AND state = 'CONFIRMED'))`

const TABLES = [
  `CREATE TABLE IF NOT EXISTS mantissa_site (
    one INTEGER PRIMARY KEY CHECK (one = 1), format INTEGER NOT NULL, site_id TEXT NOT NULL,
    incarnation INTEGER NOT NULL, last_path TEXT, last_inode INTEGER, created INTEGER NOT NULL)`,
  'CREATE TABLE IF NOT EXISTS mantissa_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)',
  `CREATE TABLE IF NOT EXISTS mantissa_audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, uid INTEGER, user TEXT, sudo_user TEXT, host TEXT,
    verb TEXT NOT NULL, arguments TEXT NOT NULL, result TEXT NOT NULL)`,
  'CREATE INDEX IF NOT EXISTS mantissa_audit_at ON mantissa_audit (at)',
  `CREATE TABLE IF NOT EXISTS mantissa_deed (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, detail TEXT NOT NULL, session TEXT NOT NULL,
    created INTEGER NOT NULL, error TEXT)`,
  `CREATE TABLE IF NOT EXISTS mantissa_reservation (
    kind TEXT NOT NULL, name TEXT NOT NULL, holder TEXT NOT NULL, created INTEGER NOT NULL,
    PRIMARY KEY (kind, name)) WITHOUT ROWID`,
  'CREATE INDEX IF NOT EXISTS mantissa_reservation_holder ON mantissa_reservation (holder)',
  `CREATE TABLE IF NOT EXISTS mantissa_tombstone (
    name TEXT PRIMARY KEY, address TEXT NOT NULL, store_id TEXT NOT NULL, epoch INTEGER NOT NULL,
    target_path TEXT, target_site_id TEXT, public_url TEXT, transfer_id TEXT, created INTEGER NOT NULL)`,
  'CREATE INDEX IF NOT EXISTS mantissa_tombstone_store ON mantissa_tombstone (store_id)',
  `CREATE TABLE IF NOT EXISTS mantissa_transfer (
    id TEXT PRIMARY KEY, role TEXT NOT NULL, store_id TEXT NOT NULL, account_id INTEGER, address TEXT NOT NULL,
    other_site_id TEXT, from_path TEXT, to_path TEXT, from_epoch INTEGER, to_epoch INTEGER, state TEXT NOT NULL,
    is_open INTEGER NOT NULL, plan TEXT NOT NULL, manifest_hash TEXT, revision INTEGER NOT NULL, decision TEXT,
    decided INTEGER, confirmed INTEGER, heartbeat TEXT, error TEXT, created INTEGER NOT NULL,
    updated INTEGER NOT NULL)`,
  `CREATE UNIQUE INDEX IF NOT EXISTS mantissa_transfer_open_store
    ON mantissa_transfer (role, store_id) WHERE is_open = 1`,
  `CREATE INDEX IF NOT EXISTS mantissa_transfer_open_account
    ON mantissa_transfer (account_id) WHERE is_open = 1`,
  'CREATE INDEX IF NOT EXISTS mantissa_transfer_store ON mantissa_transfer (store_id)',
  `CREATE INDEX IF NOT EXISTS mantissa_transfer_not_ended ON mantissa_transfer (id) WHERE ${UNFINISHED}`,
  `CREATE TABLE IF NOT EXISTS mantissa_endowment (
    account_id INTEGER NOT NULL, offering TEXT NOT NULL COLLATE NOCASE, powerup TEXT NOT NULL,
    created INTEGER NOT NULL, PRIMARY KEY (account_id, offering, powerup)) WITHOUT ROWID`,
  'CREATE INDEX IF NOT EXISTS mantissa_endowment_offering ON mantissa_endowment (offering, account_id)',
  `CREATE TABLE IF NOT EXISTS mantissa_offering_source (
    path TEXT PRIMARY KEY, added INTEGER NOT NULL, added_by TEXT)`,
  `CREATE TABLE IF NOT EXISTS mantissa_login_attempt (
    kind TEXT NOT NULL, key TEXT NOT NULL, failures INTEGER NOT NULL, last INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID`,
  'CREATE INDEX IF NOT EXISTS mantissa_login_attempt_last ON mantissa_login_attempt (last)',
  `CREATE TABLE IF NOT EXISTS mantissa_rights_withheld (
    account_id INTEGER PRIMARY KEY, reason TEXT NOT NULL, since INTEGER NOT NULL)`,
]

/** The tables that {@link TABLES} makes. */
const NAMES = TABLES.flatMap(statement => /^CREATE TABLE IF NOT EXISTS (\w+)/.exec(statement)?.[1] ?? [])

/** Whether the plain tables are there, or one that a site of an older version may lack; never creates them. */
export function hasAdminTables(store: Store, table = 'mantissa_site'): boolean {
  return store.sql.get(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`, table) !== undefined
}

/** Whether all of them are there that this program knows; an older one may have made the others. */
export function hasAllAdminTables(store: Store): boolean {
  const known = NAMES.map(() => '?').join(', ')
  const sql = `SELECT count(*) AS found FROM sqlite_master WHERE type = 'table' AND name IN (${known})`
  return store.sql.get<{ found: number }>(sql, ...NAMES)?.found === NAMES.length
}

/** Makes whatever plain table is missing; call it inside a transaction, after {@link assertFormatKnown}. */
export function createAdminTables(store: Store): void {
  for (const statement of TABLES) store.sql.exec(statement)
}

/** @throws IntegrityError (`SITE_TOO_NEW`) where a newer version of this program has written the plain tables. */
export function assertFormatKnown(store: Store): void {
  const row = store.sql.get<{ format: number }>('SELECT format FROM mantissa_site')
  if (row === undefined || row.format <= ADMIN_FORMAT) return
  throw new IntegrityError(
    `the administration tables of ${store.directory} have format ${row.format}, this program knows ${ADMIN_FORMAT}`,
    {
      code: 'SITE_TOO_NEW',
      hint: 'use the newer version of mantissa that wrote this site',
      details: { format: row.format, known: ADMIN_FORMAT },
    },
  )
}
