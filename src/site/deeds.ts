/**
 * Deeds that touch two stores, or a store and a directory.
 *
 * SQLite cannot commit two databases at once. So a deed writes what it is about to do into the site's journal first
 * ({@link beginDeed}), takes steps each of which may be repeated, and removes the record in the transaction of its
 * last step ({@link finishDeed}). A process that dies in between leaves the record; the next one that opens the site
 * for writing finds that the recorded process is gone and calls the recovery that the deed's module has registered,
 * which completes the deed or undoes it.
 *
 * A recovery that fails (the other store cannot be opened, the disk is full) leaves the record with the error's text;
 * opening the site succeeds, and `info` shows what is waiting. A kind that this process has not loaded is left alone.
 */

import { newUlid } from '../base/ids.js'
import type { JsonObject } from '../base/json.js'
import { stringifyJson } from '../base/json.js'
import { removeLockFile, tryLock } from './locks.js'
import type { Site } from './site.js'
import { parseStoredJson } from './stored-json.js'

export interface Deed {
  readonly id: string
  readonly kind: string
  /** Everything that recovery needs to know; never a secret. */
  readonly detail: JsonObject
}

export interface PendingDeed extends Deed {
  /** Why the last recovery failed; null when none was tried. */
  readonly error: string | null
}

/** Completes or undoes a deed whose process died, and removes its record with {@link finishDeed}. May run twice. */
export type DeedRecovery = (site: Site, deed: Deed) => void

const recoveries = new Map<string, DeedRecovery>()

/** Declares how deeds of a kind are recovered; called once per kind, when its module is loaded. */
export function registerDeedRecovery(kind: string, recovery: DeedRecovery): void {
  recoveries.set(kind, recovery)
}

/** Records the intent; durable when the surrounding transaction (or, without one, this call) has ended. */
export function beginDeed(site: Site, kind: string, detail: JsonObject): Deed {
  const deed = { id: newUlid(), kind, detail }
  const session = site.session()
  site.store.transact(() =>
    site.store.sql.run(
      'INSERT INTO mantissa_deed (id, kind, detail, session, created) VALUES (?, ?, ?, ?, ?)',
      ...[deed.id, kind, stringifyJson(detail), session, site.clock()],
    ),
  )
  return deed
}

/** Removes the record; part of the transaction of the deed's last step. */
export function finishDeed(site: Site, deed: Deed): void {
  site.store.transact(() => site.store.sql.run('DELETE FROM mantissa_deed WHERE id = ?', deed.id))
}

/** Notes why a deed could not be completed; it stays for the next recovery. */
export function noteDeedError(site: Site, deed: Deed, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error)
  site.store.transact(() => site.store.sql.run('UPDATE mantissa_deed SET error = ? WHERE id = ?', text, deed.id))
}

/** Every deed that has begun and not ended, those of living processes included. */
export function listDeeds(site: Site): readonly PendingDeed[] {
  if (!site.hasAdminTables) return []
  return site.store.sql.all<DeedRow>(`${SELECT_DEEDS} ORDER BY id`).map(fromRow)
}

/** Recovers the deeds of processes that are gone. Costs one query when there are none. */
export function recoverDeeds(site: Site): void {
  const sessions = site.store.sql.all<{ session: string }>('SELECT DISTINCT session FROM mantissa_deed')
  for (const { session } of sessions) if (session !== site.ownSession) recoverSession(site, session)
}

interface DeedRow {
  readonly id: string
  readonly kind: string
  readonly detail: string
  readonly error: string | null
}

const SELECT_DEEDS = 'SELECT id, kind, detail, error FROM mantissa_deed'

function recoverSession(site: Site, session: string): void {
  using lock = tryLock(site, session)
  if (lock === undefined) return
  // Read again under the lock: another process may have recovered them meanwhile.
  const rows = site.store.sql.all<DeedRow>(`${SELECT_DEEDS} WHERE session = ? ORDER BY id`, session)
  for (const deed of rows.map(fromRow)) recoverOne(site, deed)
  if (site.store.sql.get('SELECT 1 FROM mantissa_deed WHERE session = ?', session) === undefined) removeLockFile(lock)
}

function recoverOne(site: Site, deed: Deed): void {
  try {
    recoveries.get(deed.kind)?.(site, deed)
  } catch (error) {
    noteDeedError(site, deed, error)
  }
}

function fromRow(row: DeedRow): PendingDeed {
  return { ...row, detail: parseStoredJson(row.detail, `the deed ${row.id}`) as JsonObject }
}
