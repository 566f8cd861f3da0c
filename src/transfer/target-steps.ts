/**
 * The steps of a move, or of an import, that work on the site where the user arrives.
 *
 * Until `admit` no row of the site points at the copy, and its fence refuses writes; afterwards the account exists,
 * and `activate` opens the fence last. Each step is a compare-and-set, and may be repeated.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AccountRecord } from '../accounts/account-record.js'
import { addressesOf } from '../accounts/account-record.js'
import {
  accountOfUserStore,
  insertAccountRows,
  mergeAccountIntoUserStore,
  readAccountRecord,
} from '../accounts/account-rows.js'
import { assertNamesFree } from '../accounts/address-free.js'
import { findAccountByAddress } from '../accounts/find-account.js'
import { getLoginSystem } from '../accounts/login-system.js'
import type { Address } from '../base/address.js'
import { fsyncPath, giveToOwnerOf, makeDirectory } from '../base/atomic-file.js'
import { type Endowment, noteEndowment } from '../offerings/endowments.js'
import { createHook, earliestEvent } from '../scheduling/parent-hook.js'
import { changeFence, FenceMovedOnError, imposeFence } from '../site/fence.js'
import { chooseUserStoreSegments, storePathOf } from '../site/layout.js'
import { releaseReservations, reserve } from '../site/reservations.js'
import type { Site } from '../site/site.js'
import { removeTombstonesOf } from '../site/tombstones.js'
import type { TransferRow } from '../site/transfer-row.js'
import { advanceTransfer, changeTransfer, getTransfer, insertTransfer } from '../site/transfers-journal.js'
import { SubStore } from '../store-engine/sub-store.js'
import { type Fence, readFence } from '../store-engine/write-fence.js'
import { type Move, targetOf, watch } from './move.js'
import { openCarried } from './open-carried.js'
import { makeParents, siteIdOf, stagingDirectory, storeDirectory } from './places.js'
import { VerificationError } from './transfer-errors.js'

export interface Arrival {
  readonly id: string
  readonly storeId: string
  readonly addresses: readonly Address[]
  readonly otherSiteId: string | null
  readonly fromPath: string | null
  readonly toPath: string
  readonly fromEpoch: number
  readonly toEpoch: number
  /** Names that moved away from the target may be taken. */
  readonly reuseNames?: boolean
}

/** Takes all names and a directory for the arriving user, in the transaction that begins the target's journal. */
export function reserveArrival(site: Site, arrival: Arrival): TransferRow {
  return site.store.transact(() => {
    getLoginSystem(site.store)
    const { id, storeId, addresses } = arrival
    assertNamesFree(site, addresses, {
      holder: id,
      returningStoreId: storeId,
      reuseNames: arrival.reuseNames ?? false,
    })
    const [segments] = chooseUserStoreSegments(site.store, addresses.slice(0, 1))
    const storepath = storePathOf(segments ?? [])
    reserve(site, id, { addresses, directories: [storepath] })
    return insertTransfer(site, {
      ...arrival,
      role: 'target',
      accountId: null,
      address: addresses[0] as Address,
      state: 'RESERVED',
      plan: { storepath },
    })
  })
}

/** Makes the empty staging directory, a store in the making. Returns it. */
export function stage(move: Move): string {
  const site = targetOf(move)
  const staging = stagingDirectory(site, move.id)
  makeDirectory(dirname(staging))
  mkdirSync(staging, { mode: 0o700 })
  giveToOwnerOf(site.directory, staging)
  advanceTransfer(site, move.id, { from: 'RESERVED', to: 'RECEIVING' })
  return staging
}

/** Notes that what has arrived is what was sent. */
export function noteVerified(move: Move, manifestHash: string): void {
  advanceTransfer(targetOf(move), move.id, { from: 'RECEIVING', to: 'VERIFIED', set: { manifestHash } })
}

/** What the source holds for the user beside the store. */
export interface Belongings {
  readonly record: AccountRecord
  readonly endowments: readonly Endowment[]
}

/**
 * Gives the staged copy the login rows and the fence with which it will be admitted. Whatever was in it is on the
 * disk afterwards: SQLite flushes its own files, `flushed` has flushed the others.
 */
export function prepare(move: Move, { record, endowments }: Belongings): void {
  const site = targetOf(move)
  const row = getTransfer(site, move.id)
  const staging = stagingDirectory(site, move.id)
  completeStoreDirectory(staging)
  {
    using store = openCarried(staging)
    store.transact(
      () => {
        mergeAccountIntoUserStore(store, record)
        imposeFence(store, preparedFence(site, row))
      },
      { ignoreFence: true },
    )
  }
  giveTreeTo(site.directory, staging)
  fsyncPath(staging)
  fsyncPath(dirname(staging))
  watch(move, 'prepare', 'within')
  const plan = { ...row.plan, endowments: endowments.map(({ offering, powerup }) => ({ offering, powerup })) }
  advanceTransfer(site, move.id, { from: 'VERIFIED', to: 'PREPARED', set: { plan } })
}

function preparedFence(site: Site, row: TransferRow): Fence {
  return {
    storeId: row.storeId,
    epoch: row.toEpoch ?? 1,
    owner: siteIdOf(site),
    state: 'prepared',
    transferId: row.id,
  }
}

/** The four entries that every store has. */
export function completeStoreDirectory(directory: string): void {
  for (const name of ['files', 'run', 'temp']) makeDirectory(join(directory, name))
}

function giveTreeTo(model: string, staging: string): void {
  for (const name of ['', 'db.sqlite', 'files', 'run', 'temp']) giveToOwnerOf(model, join(staging, name))
}

/** Renames the copy to its place; done already when it is there. */
export function place(move: Move): void {
  const site = targetOf(move)
  const staging = stagingDirectory(site, move.id)
  const directory = arrivalDirectory(site, getTransfer(site, move.id))
  if (existsSync(staging)) {
    if (existsSync(directory))
      throw new VerificationError(`${directory} is taken, though it was reserved`, { directory })
    makeParents(site.directory, directory)
    renameSync(staging, directory)
    watch(move, 'place', 'within')
  }
  assertOurs(directory, move.id)
  fsyncPath(dirname(directory))
  fsyncPath(dirname(staging))
}

function assertOurs(directory: string, transferId: string): void {
  using store = openCarried(directory, { readonly: true })
  if (readFence(store)?.transferId === transferId) return
  throw new VerificationError(`${directory} is not the store that transfer ${transferId} has prepared`, { directory })
}

/** Creates the account, all its methods and the scheduler's hook; takes back reservations and the user's tombstones. */
export function admit(move: Move): void {
  const site = targetOf(move)
  const row = getTransfer(site, move.id)
  using store = openCarried(arrivalDirectory(site, row), { readonly: true })
  const record = readAccountRecord(store, accountOfUserStore(store))
  const due = earliestEvent(store)
  site.store.transact(() => {
    advanceTransfer(site, move.id, { from: 'PREPARED', to: 'ACTIVE' })
    assertNamesFree(site, addressesOf(record), { holder: move.id, returningStoreId: row.storeId, reuseNames: true })
    const account = insertAccountRows(site.store, record, String(row.plan['storepath']).split('/'))
    if (due !== null && account.avatars instanceof SubStore) createHook(site.store, account.avatars, due)
    for (const endowment of plannedEndowments(row)) noteEndowment(site, account.storeID, endowment)
    removeTombstonesOf(site, row.storeId)
    releaseReservations(site, move.id)
    changeTransfer(site, move.id, { accountId: account.storeID })
  })
}

function plannedEndowments(row: TransferRow): readonly Endowment[] {
  return (row.plan['endowments'] ?? []) as unknown as readonly Endowment[]
}

/** Opens the fence of the copy. The freeze ends. */
export function activate(move: Move): void {
  const site = targetOf(move)
  const row = getTransfer(site, move.id)
  using store = openCarried(arrivalDirectory(site, row))
  try {
    changeFence(store, { state: 'prepared', transferId: move.id, epoch: row.toEpoch ?? 1 }, { state: 'active' })
  } catch (error) {
    // Open already, or the user has moved on since.
    if (!(error instanceof FenceMovedOnError)) throw error
  }
}

class ProbeOver extends Error {}

/** Opens, reads and writes the store as its user would, undoes the write, and looks the user up by every name. */
export function probe(move: Move): void {
  const site = targetOf(move)
  const row = getTransfer(site, move.id)
  {
    using store = openCarried(arrivalDirectory(site, row))
    for (const address of addressesOf(readAccountRecord(store, accountOfUserStore(store)))) {
      if (findAccountByAddress(site, address)?.storeID === row.accountId) continue
      throw new VerificationError(`${address.localpart}@${address.domain} does not lead to the user at the target`)
    }
    try {
      store.transact(() => {
        store.sql.run("UPDATE axiom_types SET version = version WHERE typename = 'login'")
        throw new ProbeOver()
      })
    } catch (error) {
      if (!(error instanceof ProbeOver)) throw error
    }
  }
  advanceTransfer(site, move.id, { from: 'ACTIVE', to: 'CONFIRMED' })
}

export function close(move: Move): void {
  advanceTransfer(targetOf(move), move.id, { from: 'CONFIRMED', to: 'CLOSED' })
}

/** Removes the copy and gives the names back. Never touches a store that was admitted. */
export function discard(move: Move): void {
  const site = targetOf(move)
  const row = getTransfer(site, move.id)
  const from = ['RESERVED', 'RECEIVING', 'VERIFIED', 'PREPARED'] as const
  site.store.transact(() => {
    releaseReservations(site, move.id)
    advanceTransfer(site, move.id, { from, to: 'DISCARDED' })
    rmSync(stagingDirectory(site, move.id), { recursive: true, force: true })
    const directory = arrivalDirectory(site, row)
    if (existsSync(join(directory, 'db.sqlite')) && isPreparedBy(directory, move.id))
      rmSync(directory, { recursive: true, force: true })
  })
}

function isPreparedBy(directory: string, transferId: string): boolean {
  using store = openCarried(directory, { readonly: true })
  const fence = readFence(store)
  return fence?.state === 'prepared' && fence.transferId === transferId
}

/** Where the user's store lies, or will lie, at the target. */
export function arrivalDirectory(site: Site, row: TransferRow): string {
  return storeDirectory(site, String(row.plan['storepath']))
}
