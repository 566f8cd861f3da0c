/**
 * The steps of a move, or of an import, that work on the site where the user arrives, up to the prepared copy; what
 * makes it the user's store is in `admission-steps`.
 *
 * Until `admit` no row of the site points at the copy, and its fence refuses writes; afterwards the account exists,
 * and `activate` opens the fence last. Each step is a compare-and-set, and may be repeated.
 */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type AccountRecord, addressesOf } from '../../accounts/account-record.js'
import { mergeAccountIntoUserStore } from '../../accounts/account-rows.js'
import { assertNamesFree } from '../../accounts/address-free.js'
import { getLoginSystem } from '../../accounts/login-system.js'
import type { Address } from '../../base/address.js'
import { fsyncPath, giveToOwnerOf, makeDirectory } from '../../base/atomic-file.js'
import type { ApplicationRecord } from '../../offerings/application-record.js'
import type { Endowment } from '../../offerings/endowments.js'
import { imposeFence } from '../../site/fence.js'
import { chooseAppStoreSegments, chooseUserStoreSegments, type StoreSegments, storePathOf } from '../../site/layout.js'
import { findReservation, reserve } from '../../site/reservations.js'
import type { Site } from '../../site/site.js'
import type { TransferRow } from '../../site/transfer-row.js'
import { advanceTransfer, expectTransfer, insertTransfer } from '../../site/transfers-journal.js'
import type { Fence } from '../../store-engine/database/write-fence.js'
import { planOfApplication } from '../applications/application-steps.js'
import { assertRoomFor } from '../applications/arriving-application.js'
import { openCarried } from '../copying/open-carried.js'
import { assertMayWrite, plannedDirectory, siteIdOf, stagingDirectory } from '../places.js'
import { type Move, targetOf, watch } from '../protocol/move.js'

export interface Arrival {
  readonly id: string
  readonly storeId: string
  readonly addresses: readonly Address[]
  /** Where it is the application store of an offering; null for a person's. */
  readonly application: ApplicationRecord | null
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
    const { id, storeId, addresses, application } = arrival
    if (application !== null) assertRoomFor(site, application)
    assertNamesFree(site, addresses, {
      holder: id,
      returningStoreId: storeId,
      reuseNames: arrival.reuseNames ?? false,
    })
    const storepath = storePathOf(chooseSegments(site, arrival))
    reserve(site, id, { addresses, directories: [storepath] })
    return insertTransfer(site, {
      ...arrival,
      role: 'target',
      accountId: null,
      address: addresses[0] as Address,
      state: 'RESERVED',
      plan: { storepath, ...planOfApplication(application) },
    })
  })
}

function chooseSegments(site: Site, { addresses, application }: Arrival): StoreSegments {
  if (application !== null) return chooseAppStoreSegments(site.store, application.offering)
  return chooseUserStoreSegments(site.store, addresses.slice(0, 1))[0] ?? []
}

/** Makes the empty staging directory, a store in the making. Returns it. */
export function stage(move: Move): string {
  const site = targetOf(move)
  const staging = stagingDirectory(site, move.id)
  site.store.transact(() => {
    advanceTransfer(site, move.id, { from: 'RESERVED', to: 'RECEIVING' })
    makeDirectory(dirname(staging))
    mkdirSync(staging, { mode: 0o700 })
    giveToOwnerOf(site.directory, staging)
  })
  return staging
}

/** Notes that what has arrived is what was sent. */
export function noteVerified(move: Move, manifestHash: string): void {
  advanceTransfer(targetOf(move), move.id, { from: 'RECEIVING', to: 'VERIFIED', set: { manifestHash } })
}

/** What the source holds for the user beside the store. */
export interface Belongings {
  readonly record: AccountRecord
  readonly application: ApplicationRecord | null
  readonly endowments: readonly Endowment[]
  /** Of a store that is taken in from an archive; undefined in a move, which keeps it. */
  readonly incarnation?: number | undefined
}

/**
 * Gives the staged copy the login rows and the fence with which it will be admitted, and holds all its names. Whatever
 * was in it is on the disk afterwards: SQLite flushes its own files, and the others were flushed as they came.
 *
 * @throws AddressNotFreeError
 */
export function prepare(move: Move, { record, application, endowments, ...belongings }: Belongings): void {
  const site = targetOf(move)
  const row = expectTransfer(site, move.id, ['VERIFIED'])
  const staging = stagingDirectory(site, move.id)
  // What can be foreseen of the next steps must be known before it is decided.
  assertMayWrite(dirname(plannedDirectory(site, row)))
  let incarnation = belongings.incarnation ?? 0
  completeStoreDirectory(staging)
  {
    using store = openCarried(staging)
    incarnation = belongings.incarnation ?? store.readFence()?.incarnation ?? 0
    store.transact(
      () => {
        mergeAccountIntoUserStore(store, record)
        imposeFence(store, { ...preparedFence(site, row), incarnation })
      },
      { ignoreFence: true },
    )
  }
  giveTreeTo(site.directory, staging)
  fsyncPath(staging)
  fsyncPath(dirname(staging))
  watch(move, 'prepare', 'within')
  const noted = endowments.map(({ offering, powerup }) => ({ offering, powerup }))
  const plan = { ...row.plan, ...planOfApplication(application), endowments: noted, incarnation }
  site.store.transact(() => {
    if (application !== null) assertRoomFor(site, application)
    holdNewNames(site, row, addressesOf(record))
    advanceTransfer(site, move.id, { from: 'VERIFIED', to: 'PREPARED', set: { plan } })
  })
}

/** Names that the user was given while the copy was made: one that is taken here must fail the move now, not after its commit. */
function holdNewNames(site: Site, { id, storeId }: TransferRow, names: readonly Address[]): void {
  const addresses = names.filter(name => findReservation(site, name)?.holder !== id)
  assertNamesFree(site, addresses, { holder: id, returningStoreId: storeId })
  reserve(site, id, { addresses })
}

function preparedFence(site: Site, row: TransferRow): Omit<Fence, 'incarnation'> {
  return {
    storeId: row.storeId,
    epoch: row.toEpoch ?? 1,
    owner: siteIdOf(site),
    state: 'prepared',
    transferId: row.id,
  }
}

/** The four entries that every store has. A directory that was taken away meanwhile is not made anew. */
export function completeStoreDirectory(directory: string): void {
  for (const name of ['files', 'run', 'temp']) {
    const path = join(directory, name)
    if (!existsSync(path)) mkdirSync(path, { mode: 0o700 })
  }
}

/** What root has put together belongs to the site's owner; for anybody else there is nothing to do. */
function giveTreeTo(model: string, directory: string): void {
  if (statSync(model).uid === statSync(join(directory, 'db.sqlite')).uid) return
  giveToOwnerOf(model, directory)
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }))
    giveToOwnerOf(model, join(directory, name))
}
