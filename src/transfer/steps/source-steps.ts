/**
 * The steps of a move that work on the site which the user leaves.
 *
 * Each is a compare-and-set: on the journal's state in the transaction that holds its effect, or on the fence in the
 * user's store. A step whose time has passed throws and changes nothing; a step that was taken already and is taken
 * again by a recovery finds its effect there and goes on.
 */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type AccountRecord, addressesOf } from '../../accounts/account-record.js'
import { readAccountRecord, removeAccountRows } from '../../accounts/account-rows.js'
import { LoginAccount } from '../../accounts/login-account.js'
import { fsyncPath, giveToOwnerOf, makeDirectory } from '../../base/atomic-file.js'
import { PendingError } from '../../base/errors.js'
import { type Endowment, listEndowments } from '../../offerings/endowments.js'
import { changeFence, FenceMovedOnError } from '../../site/fence.js'
import { PUBLIC_URL, readSetting } from '../../site/settings.js'
import type { Site } from '../../site/site.js'
import { recordTombstone } from '../../site/tombstones.js'
import type { TransferRow } from '../../site/transfer-row.js'
import {
  advanceTransfer,
  changeTransfer,
  decideTransfer,
  getTransfer,
  TransferMovedOnError,
} from '../../site/transfers-journal.js'
import { readFence } from '../../store-engine/database/write-fence.js'
import type { Store } from '../../store-engine/store.js'
import { openCarried } from '../copying/open-carried.js'
import { deliveryOf, publish, withdraw } from '../leaving/publish-export.js'
import { quarantineDirectory, storeDirectory } from '../places.js'
import { type Move, sourceOf, watch } from '../protocol/move.js'
import { describeKept, KEPT } from './kept-store.js'

/** How far above the planned epoch an abort puts the store: above the copy that may have been prepared. */
const EPOCHS_OF_AN_ABORT = 2

/** The directory that the row's store had when the transfer was planned. */
export function plannedDirectory(site: Site, row: TransferRow): string {
  return storeDirectory(site, String(row.plan['storepath']))
}

export interface Seal {
  readonly endowments: readonly Endowment[]
  /** What the site holds for the user; from here on nobody may change it. */
  readonly record: AccountRecord
  /** How often the rows were changed while the copy was made; the commit compares it. */
  readonly revision: number
}

/**
 * Closes the fence of the store and, in the site, the rows of its account. The freeze begins.
 *
 * @param store - a writable connection to the user's store.
 */
export function seal(move: Move, store: Store): Seal {
  const site = sourceOf(move)
  const row = getTransfer(site, move.id)
  changeFence(
    store,
    { state: 'active', epoch: row.fromEpoch ?? 0, storeId: row.storeId },
    { state: 'sealed', transferId: move.id },
  )
  watch(move, 'seal', 'within')
  return site.store.transact(() => {
    const { accountId, revision } = advanceTransfer(site, move.id, { from: 'COPYING', to: 'SEALED' })
    const account = accountOf(site, accountId)
    return { record: readAccountRecord(site, account), endowments: listEndowments(site, account.storeID), revision }
  })
}

/** The commit point. Returns false where somebody has decided to abort. */
export function commit(move: Move, revision: number): boolean {
  const site = sourceOf(move)
  return site.store.transact(() => {
    const { state } = getTransfer(site, move.id)
    if (state !== 'SEALED' && state !== 'DECIDED')
      throw new TransferMovedOnError(getTransfer(site, move.id), ['SEALED'])
    const decision = decideTransfer(site, move.id, 'commit', { revision })
    if (decision === 'commit' && state === 'SEALED') advanceTransfer(site, move.id, { from: 'SEALED', to: 'DECIDED' })
    return decision === 'commit'
  })
}

/** Decides that the user stays, unless the commit was quicker. Returns what is in force. Anyone may call it. */
export function abort(move: Move, reason: string): 'commit' | 'abort' {
  const site = sourceOf(move)
  return site.store.transact(() => {
    const decision = decideTransfer(site, move.id, 'abort')
    const { state } = getTransfer(site, move.id)
    if (decision !== 'abort') return 'commit'
    if (state === 'PLANNED' || state === 'COPYING' || state === 'SEALED')
      advanceTransfer(site, move.id, { from: state, to: 'DECIDED', set: { error: reason } })
    return 'abort'
  })
}

/**
 * Removes what the site holds for the user and leaves a tombstone per address, in one transaction. An export gets its
 * name before.
 */
export function handOver(move: Move): void {
  const site = sourceOf(move)
  const delivery = deliveryOf(getTransfer(site, move.id))
  if (delivery !== undefined) publish(delivery)
  watch(move, 'hand-over', 'within')
  site.store.transact(() => {
    const row = advanceTransfer(site, move.id, { from: 'DECIDED', to: 'HANDED_OVER' })
    if (row.decision !== 'commit') throw new TransferMovedOnError(row, ['DECIDED'])
    const account = accountOf(site, row.accountId)
    const addresses = addressesOf(readAccountRecord(site, account))
    removeAccountRows(site.store, account)
    // An exported user may be created anew under the same name; one who moved is somewhere else.
    if (row.toPath === null) return
    const publicUrl = move.target === undefined ? null : readSetting<string | null>(move.target, PUBLIC_URL, null)
    for (const address of addresses) {
      recordTombstone(site, address, {
        storeId: row.storeId,
        epoch: row.toEpoch ?? 0,
        targetPath: row.toPath,
        targetSiteId: row.otherSiteId,
        publicUrl,
        transferId: move.id,
      })
    }
  })
}

/** Closes the fence of the old store for good. Only what is closed is put aside, so there it need not be looked for. */
export function retire(move: Move): void {
  const site = sourceOf(move)
  const row = getTransfer(site, move.id)
  const directory = plannedDirectory(site, row)
  if (!existsSync(directory)) return
  using store = openCarried(directory)
  if (readFence(store)?.transferId !== move.id) return
  ignoreMovedOn(() => changeFence(store, { state: 'sealed', transferId: move.id }, { state: 'retired' }))
}

/**
 * Puts the old directory aside, or away where an archive is all that was to be kept, and notes that the user was
 * confirmed elsewhere; only then may anything be purged.
 */
export function quarantine(move: Move): void {
  const site = sourceOf(move)
  const row = getTransfer(site, move.id)
  const from = plannedDirectory(site, row)
  const to = quarantineDirectory(site, move.id)
  if (!existsSync(to) && existsSync(from) && isRetiredBy(from, move.id)) {
    makeDirectory(dirname(to))
    giveToOwnerOf(site.directory, dirname(to))
    renameSync(from, to)
    fsyncPath(dirname(to))
    fsyncPath(dirname(from))
  }
  watch(move, 'quarantine', 'within')
  if (row.plan['deletesOldStore'] === true) rmSync(to, { recursive: true, force: true })
  const kept = existsSync(join(to, 'db.sqlite')) ? { [KEPT]: describeKept(to) } : {}
  changeTransfer(site, move.id, { confirmed: true, error: null, plan: { ...row.plan, ...kept } })
}

/** A directory of that name may be somebody else's by now; the fence tells. */
function isRetiredBy(directory: string, transferId: string): boolean {
  using store = openCarried(directory, { readonly: true })
  const fence = readFence(store)
  return fence?.state === 'retired' && fence.transferId === transferId
}

/**
 * Lets the user write again where this transfer has sealed the store, above every epoch that was prepared. A store that
 * was not sealed yet is raised as well, so that a coordinator that wakes up later finds another epoch and cannot.
 */
export function unseal(move: Move): void {
  const site = sourceOf(move)
  const row = getTransfer(site, move.id)
  const delivery = deliveryOf(row)
  raiseStore(plannedDirectory(site, row), row)
  if (delivery !== undefined) withdraw(delivery)
  watch(move, 'unseal', 'within')
  advanceTransfer(site, move.id, { from: ['DECIDED', 'UNSEALED'], to: 'UNSEALED' })
}

function raiseStore(directory: string, { id, storeId, fromEpoch }: TransferRow): void {
  if (!existsSync(directory)) throw new PendingError(`the store ${directory} is not there`, { code: 'STORE_MISSING' })
  const planned = fromEpoch ?? 0
  const raised = { state: 'active', epoch: planned + EPOCHS_OF_AN_ABORT } as const
  using store = openCarried(directory)
  ignoreMovedOn(() => changeFence(store, { state: 'sealed', transferId: id }, raised))
  ignoreMovedOn(() => changeFence(store, { state: 'active', storeId, epoch: planned }, raised))
}

/** Closes an aborted transfer at the source. */
export function end(move: Move): void {
  advanceTransfer(sourceOf(move), move.id, { from: 'UNSEALED', to: 'CLOSED' })
}

function accountOf(site: Site, accountId: number | null): LoginAccount {
  const item = accountId === null ? undefined : site.store.getItemById(accountId)
  if (item instanceof LoginAccount) return item
  throw new TypeError(`item ${accountId} of ${site.directory} is no account`)
}

/** The effect is there already, or somebody else has gone further: both are fine for a step that may be repeated. */
function ignoreMovedOn(change: () => void): void {
  try {
    change()
  } catch (error) {
    if (!(error instanceof FenceMovedOnError)) throw error
  }
}
