/**
 * Who changed what, and when. Every verb that changes a site writes one record, in the site itself, so that a copy or
 * a backup carries its history along. Records never hold secrets: a verb names its arguments itself, and passwords
 * come from prompts and files, never from arguments. They are kept for a year unless the site's setting says
 * otherwise; writing one removes those that are older.
 */
import { toIso } from '../base/clock.js'
import type { JsonObject, JsonValue } from '../base/json.js'
import { stringifyJson } from '../base/json.js'
import { AUDIT_DAYS, readSetting } from './settings.js'
import type { Site } from './site.js'

/** The person behind a change, as far as the operating system tells, or the page on which they have logged in. */
export interface Actor {
  /** Null for somebody who has done it on the web. */
  readonly uid: number | null
  /** A name of the system; on the web the address of an account. */
  readonly user: string | null
  /** The person behind `sudo`, where it was used. */
  readonly sudoUser: string | null
  /** The machine; on the web the network address from which somebody came. */
  readonly host: string | null
}

export interface AuditRecord extends Actor {
  readonly id: number
  /** RFC 3339. */
  readonly at: string
  readonly verb: string
  readonly args: JsonValue
  /** `done`, `already`, or the code of the error. */
  readonly result: string
}

const MICROSECONDS_PER_DAY = 86_400_000_000n
const NOBODY: Actor = { uid: null, user: null, sudoUser: null, host: null }

/** What is recorded; `actor` where it is somebody else than who has opened the site. */
export interface AuditEntry {
  readonly verb: string
  readonly args: JsonObject
  readonly result?: string
  readonly actor?: Actor
}

/** Adds a record; inside a running transaction it is kept or lost with it. */
export function recordAudit(site: Site, entry: AuditEntry): void {
  const { uid, user, sudoUser, host } = entry.actor ?? site.actor ?? NOBODY
  const now = site.clock()
  site.store.transact(() => {
    site.store.sql.run(
      `INSERT INTO mantissa_audit (at, uid, user, sudo_user, host, verb, arguments, result)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[now, uid, user, sudoUser, host, entry.verb, stringifyJson(entry.args), entry.result ?? 'done'],
    )
    const kept = BigInt(readSetting(site, AUDIT_DAYS, 365)) * MICROSECONDS_PER_DAY
    site.store.sql.run('DELETE FROM mantissa_audit WHERE at < ?', now - kept)
  })
}

/** The newest records first; with `before` those that are older than the record of that number. */
export function listAudit(site: Site, limit = 100, before = Number.MAX_SAFE_INTEGER): readonly AuditRecord[] {
  if (!site.hasAdminTables) return []
  const rows = site.store.sql.all<Omit<AuditRecord, 'at' | 'args'> & { at: number; args: string }>(
    `SELECT id, at, uid, user, sudo_user AS sudoUser, host, verb, arguments AS args, result
      FROM mantissa_audit WHERE id < ? ORDER BY id DESC LIMIT ?`,
    ...[before, limit],
  )
  return rows.map(row => ({ ...row, at: toIso(BigInt(row.at)), args: JSON.parse(row.args) as JsonValue }))
}
