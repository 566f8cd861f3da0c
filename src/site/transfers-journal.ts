/**
 * The journal of moves: one row per transfer in each of the two sites, never deleted.
 *
 * A move has one commit point, the `decision` column of the source's row: {@link decideTransfer} writes it once, and
 * whoever comes later (a coordinator that slept, a recovery that was quicker) gets what was decided. Every other step
 * is a compare-and-set on the state that it expects ({@link advanceTransfer}), meant to be called in the transaction
 * that holds the step's effect, so that a step whose time has passed changes nothing.
 *
 * `revision` counts the changes that other verbs made to the account's rows while the move was still copying; the
 * commit compares it with what was copied. See `account-fence` for that side.
 */
import type { Address } from '../base/address.js'
import { formatAddress } from '../base/address.js'
import { ConflictError, NotFoundError } from '../base/errors.js'
import type { JsonObject } from '../base/json.js'
import { stringifyJson } from '../base/json.js'
import { UNFINISHED } from './admin-tables.js'
import type { Site } from './site.js'
import type { TransferRow } from './transfer-row.js'
import { type RawTransfer, SELECT_TRANSFERS, transferFromRow } from './transfer-row.js'
import type { TransferDecision, TransferRole, TransferState } from './transfer-states.js'
import { isOpenState } from './transfer-states.js'

/** How many rows {@link everyTransfer} holds. */
const PAGE = 500
const NEXT_PAGE = `id IN (SELECT id FROM mantissa_transfer WHERE id > ? ORDER BY id LIMIT ${PAGE})`

export interface NewTransfer {
  /** A ULID, the same in both sites. */
  readonly id: string
  readonly role: TransferRole
  readonly storeId: string
  /** At the source the storeID of the site's LoginAccount; at the target null until it exists. */
  readonly accountId: number | null
  readonly address: Address
  readonly otherSiteId: string | null
  readonly fromPath: string | null
  readonly toPath: string | null
  readonly fromEpoch: number | null
  readonly toEpoch: number | null
  readonly state: TransferState
  readonly plan: JsonObject
  readonly heartbeat?: JsonObject
}

/** Columns that a step may set together with the state. */
export interface TransferChange {
  readonly accountId?: number | null
  readonly fromEpoch?: number | null
  readonly toEpoch?: number | null
  readonly manifestHash?: string
  readonly plan?: JsonObject
  readonly error?: string | null
  readonly heartbeat?: JsonObject
  /** True notes, once, that the target has confirmed. */
  readonly confirmed?: true
}

/** Begins a transfer in this site's journal. @throws TransferOpenError when the store is in one already. */
export function insertTransfer(site: Site, transfer: NewTransfer): TransferRow {
  return site.store.transact(() => {
    const open = openTransferOf(site, transfer.storeId, transfer.role)
    if (open !== undefined) throw new TransferOpenError(open)
    const now = site.clock()
    site.store.sql.run(
      `INSERT INTO mantissa_transfer (id, role, store_id, account_id, address, other_site_id, from_path, to_path,
        from_epoch, to_epoch, state, is_open, plan, heartbeat, revision, created, updated)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
      ...[transfer.id, transfer.role, transfer.storeId, transfer.accountId, formatAddress(transfer.address)],
      ...[transfer.otherSiteId, transfer.fromPath, transfer.toPath, transfer.fromEpoch, transfer.toEpoch],
      ...[transfer.state, isOpenState(transfer.role, transfer.state) ? 1 : 0, stringifyJson(transfer.plan)],
      ...[transfer.heartbeat === undefined ? null : stringifyJson(transfer.heartbeat), now, now],
    )
    return getTransfer(site, transfer.id)
  })
}

/**
 * Moves a transfer from one of the expected states to the next, with what the step has learned.
 *
 * @throws TransferMovedOnError when it is in another state; nothing is changed, and the surrounding transaction
 *   should be left with that error.
 */
export function advanceTransfer(
  site: Site,
  id: string,
  step: { readonly from: TransferState | readonly TransferState[]; readonly to: TransferState; set?: TransferChange },
): TransferRow {
  return site.store.transact(() => {
    const row = expectTransfer(site, id, typeof step.from === 'string' ? [step.from] : step.from)
    site.store.sql.run(
      'UPDATE mantissa_transfer SET state = ?, is_open = ? WHERE id = ?',
      ...[step.to, isOpenState(row.role, step.to) ? 1 : 0, id],
    )
    return changeTransfer(site, id, step.set ?? {})
  })
}

/**
 * The row of a transfer that is in one of the expected states. It stays in it for as long as the caller's transaction
 * of the site is open; without one the next moment may be different.
 *
 * @throws TransferMovedOnError
 */
export function expectTransfer(site: Site, id: string, expected: readonly TransferState[]): TransferRow {
  const row = getTransfer(site, id)
  if (expected.includes(row.state)) return row
  throw new TransferMovedOnError(row, expected)
}

/** Sets columns without touching the state; the time of the last update moves in any case. */
export function changeTransfer(site: Site, id: string, change: TransferChange): TransferRow {
  const columns: [string, unknown][] = [['updated', site.clock()]]
  if (change.accountId !== undefined) columns.push(['account_id', change.accountId])
  if (change.fromEpoch !== undefined) columns.push(['from_epoch', change.fromEpoch])
  if (change.toEpoch !== undefined) columns.push(['to_epoch', change.toEpoch])
  if (change.manifestHash !== undefined) columns.push(['manifest_hash', change.manifestHash])
  if (change.plan !== undefined) columns.push(['plan', stringifyJson(change.plan)])
  if (change.error !== undefined) columns.push(['error', change.error])
  if (change.heartbeat !== undefined) columns.push(['heartbeat', stringifyJson(change.heartbeat)])
  if (change.confirmed) columns.push(['confirmed', site.clock()])
  const assignments = columns.map(([name]) => `${name} = ?`).join(', ')
  return site.store.transact(() => {
    site.store.sql.run(
      `UPDATE mantissa_transfer SET ${assignments} WHERE id = ?`,
      ...columns.map(([, value]) => value as string | number | bigint | null),
      id,
    )
    return getTransfer(site, id)
  })
}

/**
 * The commit point of a move: writes the decision where none has been taken.
 *
 * A commit that names the `revision` it has copied turns into no decision at all when the rows have changed since.
 *
 * @returns the decision that is in force afterwards, whoever took it; null when `revision` did not match.
 */
export function decideTransfer(
  site: Site,
  id: string,
  decision: TransferDecision,
  expected: { readonly revision?: number } = {},
): TransferDecision | null {
  return site.store.transact(() => {
    site.store.sql.run(
      `UPDATE mantissa_transfer SET decision = ?, decided = ?, updated = ?
        WHERE id = ? AND role = 'source' AND decision IS NULL AND revision = coalesce(?, revision)`,
      ...[decision, site.clock(), site.clock(), id, expected.revision ?? null],
    )
    return getTransfer(site, id).decision
  })
}

/** Shows that the coordinator of an unfinished transfer makes progress; on one that has ended it changes nothing. */
export function beatTransfer(site: Site, id: string, heartbeat: JsonObject): void {
  const sql = `UPDATE mantissa_transfer SET heartbeat = ? WHERE id = ? AND ${UNFINISHED}`
  site.store.transact(() => site.store.sql.run(sql, stringifyJson(heartbeat), id))
}

/** @throws NotFoundError (`NO_SUCH_TRANSFER`) */
export function getTransfer(site: Site, id: string): TransferRow {
  const row = findTransfer(site, id)
  if (row !== undefined) return row
  throw new NotFoundError(`there is no transfer ${id} in the journal of ${site.directory}`, {
    code: 'NO_SUCH_TRANSFER',
    hint: 'list them with: mantissa transfer list',
    details: { id },
  })
}

export function findTransfer(site: Site, id: string): TransferRow | undefined {
  return selectTransfers(site, 'id = ?', id)[0]
}

/** The transfer that a store is in on one side of this site, if any. */
export function openTransferOf(site: Site, storeId: string, role: TransferRole): TransferRow | undefined {
  return selectTransfers(site, 'is_open = 1 AND store_id = ? AND role = ?', storeId, role)[0]
}

/** All rows, oldest first; `open` restricts to those that are not finished. */
export function listTransfers(
  site: Site,
  filter: { readonly open?: boolean; readonly role?: TransferRole } = {},
): readonly TransferRow[] {
  const rows = selectTransfers(site, 'is_open >= ?', filter.open ? 1 : 0)
  return rows.filter(row => filter.role === undefined || row.role === filter.role)
}

/** All rows, oldest first. They are never deleted, so a page of them is held at a time. */
export function* everyTransfer(site: Site): Generator<TransferRow> {
  for (let after = ''; ; ) {
    const page = selectTransfers(site, NEXT_PAGE, after)
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = last.id
  }
}

/**
 * What a recovery looks at: open transfers, users that were handed over and not yet confirmed, confirmed arrivals that
 * were not closed, and old stores that are being deleted.
 */
export function listUnfinishedTransfers(site: Site): readonly TransferRow[] {
  return selectTransfers(site, UNFINISHED)
}

/** Whether a recovery would look at it. */
export function isUnfinished(site: Site, id: string): boolean {
  return selectTransfers(site, `id = ? AND ${UNFINISHED}`, id).length > 0
}

function selectTransfers(site: Site, where: string, ...values: readonly (string | number)[]): readonly TransferRow[] {
  if (!site.hasAdminTables) return []
  return site.store.sql
    .all<RawTransfer>(`${SELECT_TRANSFERS} WHERE ${where} ORDER BY id`, ...values)
    .map(transferFromRow)
}

/** The store is in a transfer already; no second one was begun. */
export class TransferOpenError extends ConflictError {
  constructor(open: TransferRow) {
    super(`${open.address} is in transfer ${open.id} (${open.state})`, {
      code: 'TRANSFER_OPEN',
      hint: `mantissa transfer resume ${open.id}`,
      details: { id: open.id, state: open.state, address: open.address },
    })
  }
}

/** Somebody else has taken the transfer further, or back; the step changed nothing. */
export class TransferMovedOnError extends ConflictError {
  constructor(row: TransferRow, expected: readonly TransferState[]) {
    super(`transfer ${row.id} is ${row.state}, not ${expected.join(' or ')}`, {
      code: 'TRANSFER_MOVED_ON',
      hint: `mantissa transfer show ${row.id}`,
      details: { id: row.id, state: row.state, expected },
    })
  }
}
