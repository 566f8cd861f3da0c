/**
 * What was begun at a site and not ended, and who the site is. A deed whose process lives is no finding: only what
 * nobody carries on any more is told.
 */
import { ADMIN_FORMAT, UNFINISHED } from '../../site/admin-tables.js'
import { looksLikeCopy } from '../../site/identity.js'
import { isLockHeld } from '../../site/locks.js'
import type { SqlValue } from '../../store-engine/database/sql-value.js'
import { type Fault, type Finding, findingAt, SITE_ITSELF } from './finding.js'
import type { SiteRows } from './site-rows.js'

export function journalFindings(site: string, rows: SiteRows): readonly Finding[] {
  const isNew = tooNew(rows)
  if (isNew !== undefined) return [findingAt(SITE_ITSELF, isNew)]
  return [
    ...copyFaults(site, rows).map(fault => findingAt(SITE_ITSELF, fault)),
    ...deedFaults(site, rows).map(fault => findingAt(SITE_ITSELF, fault)),
    ...reservationFaults(rows).map(fault => findingAt(SITE_ITSELF, fault)),
    ...transferFindings(site, rows),
  ]
}

function tooNew(rows: SiteRows): Fault | undefined {
  if (!rows.hasPlain('mantissa_site')) return undefined
  const format = Number(rows.all('SELECT format FROM mantissa_site')[0]?.[0] ?? 0)
  if (format <= ADMIN_FORMAT) return undefined
  const message = `the administration tables have format ${format}, this program knows ${ADMIN_FORMAT}`
  return { code: 'SITE_TOO_NEW', message }
}

function copyFaults(site: string, rows: SiteRows): Fault[] {
  if (!rows.hasPlain('mantissa_site')) return []
  const [row] = rows.all('SELECT last_path, last_inode FROM mantissa_site')
  if (row === undefined) return []
  const [lastPath, lastInode] = [textOrNull(row[0]), row[1] === null ? null : Number(row[1])]
  if (!looksLikeCopy(site, { lastPath, lastInode })) return []
  const message = `this may be a copy of the site that was last written at ${lastPath}, so it moves no users`
  if (unfinishedTransfers(rows).length > 0) {
    return [{ code: 'SITE_IS_COPY', message: `${message}; its unfinished transfers have to be ended at the original` }]
  }
  return [{ code: 'SITE_IS_COPY', message, repair: 'give this directory an identity of its own, for good' }]
}

function deedFaults(site: string, rows: SiteRows): Fault[] {
  if (!rows.hasPlain('mantissa_deed')) return []
  const deeds = rows.some('SELECT id, kind, session, error FROM mantissa_deed ORDER BY id')
  return deeds.flatMap(([id, kind, session, error]) => {
    if (isAlive(site, String(session))) return []
    const failed = error === null ? '' : `; the last attempt to end it failed: ${error}`
    return [
      {
        code: 'DEED_UNFINISHED' as const,
        message: `${kind} (${id}) was begun by a process that is gone, and not ended${failed}`,
        repair: 'end it or take it back, as every verb does that changes the site',
        subject: { id: String(id) },
      },
    ]
  })
}

function reservationFaults(rows: SiteRows): Fault[] {
  if (!rows.hasPlain('mantissa_reservation')) return []
  const held = rows.some(`SELECT name, holder FROM mantissa_reservation WHERE ${WITHOUT_HOLDER} ORDER BY kind, name`)
  return held.map(([name, holder]) => ({
    code: 'RESERVATION_WITHOUT_HOLDER' as const,
    message: `${name} is reserved for ${holder}, which the site does not know or which has ended`,
    repair: 'give the name back',
  }))
}

/** SQL over `mantissa_reservation`: neither a deed nor an open transfer holds it. */
export const WITHOUT_HOLDER = `holder NOT IN (SELECT id FROM mantissa_deed)
  AND holder NOT IN (SELECT id FROM mantissa_transfer WHERE is_open = 1)`

function transferFindings(site: string, rows: SiteRows): Finding[] {
  return unfinishedTransfers(rows).flatMap(({ id, address, state, error }) => {
    if (isAlive(site, `transfer-${id}`)) return []
    const reason = error === null ? '' : ` (${error})`
    const message = `the transfer ${id} stands at ${state}${reason} and nobody carries it on: mantissa transfer resume ${id}`
    return [findingAt({ ...SITE_ITSELF, address }, { code: 'TRANSFER_UNFINISHED', message })]
  })
}

interface Unfinished {
  readonly id: string
  readonly address: string
  readonly state: string
  readonly error: string | null
}

function unfinishedTransfers(rows: SiteRows): readonly Unfinished[] {
  if (!rows.hasPlain('mantissa_transfer')) return []
  const sql = `SELECT id, address, state, error FROM mantissa_transfer WHERE ${UNFINISHED} ORDER BY id`
  return rows.some(sql).map(([id, address, state, error]) => ({
    id: String(id),
    address: String(address),
    state: String(state),
    error: textOrNull(error),
  }))
}

/** Whether the process lives that this lock stands for; a name that is none of ours has no process. */
function isAlive(site: string, lock: string): boolean {
  return /^[\w-]+$/.test(lock) && isLockHeld(site, lock)
}

function textOrNull(value: SqlValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}
