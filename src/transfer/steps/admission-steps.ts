/**
 * The steps of a move, or of an import, by which a prepared copy becomes the user's store: rename, rows, fence, probe.
 */
import { existsSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { addressesOf } from '../../accounts/account-record.js'
import { accountOfUserStore, insertAccountRows, readAccountRecord } from '../../accounts/account-rows.js'
import { assertNamesFree } from '../../accounts/address-free.js'
import { findAccountByAddress } from '../../accounts/find-account.js'
import { LoginAccount } from '../../accounts/login-account.js'
import { formatAddress } from '../../base/address.js'
import { fsyncPath } from '../../base/atomic-file.js'
import { type Endowment, noteEndowment } from '../../offerings/endowments.js'
import { createHook, earliestEvent } from '../../scheduling/parent-hook.js'
import { changeFence } from '../../site/fence.js'
import { assertPlace } from '../../site/layout.js'
import { releaseReservations } from '../../site/reservations.js'
import { withholdRights } from '../../site/rights-withheld.js'
import type { Site } from '../../site/site.js'
import { removeTombstone, removeTombstonesOf } from '../../site/tombstones.js'
import type { TransferRow } from '../../site/transfer-row.js'
import { advanceTransfer, changeTransfer, expectTransfer } from '../../site/transfers-journal.js'
import { readFence } from '../../store-engine/database/write-fence.js'
import { SubStore } from '../../store-engine/sub-store.js'
import { prepareApplication, probeApplication } from '../applications/application-steps.js'
import { openCarried } from '../copying/open-carried.js'
import { discardedDirectory, makeParents, plannedDirectory, stagingDirectory } from '../places.js'
import { type Move, targetOf, watch } from '../protocol/move.js'
import { VerificationError } from '../transfer-errors.js'
import { ignoreMovedOn } from './ignore-moved-on.js'

/**
 * Renames the copy to its place; done already when it is there. While the journal is held: whoever comes late would
 * rename into the place of a store that has come since.
 */
export function place(move: Move): void {
  const site = targetOf(move)
  const staging = stagingDirectory(site, move.id)
  // A discard that could not be committed has renamed it already.
  const places = [staging, discardedDirectory(site, move.id)]
  const directory = site.store.transact(() => {
    const planned = plannedDirectory(site, expectTransfer(site, move.id, ['PREPARED']))
    const copy = places.find(path => existsSync(path))
    if (copy !== undefined) putInPlace(site, copy, planned)
    assertOurs(planned, move.id)
    return planned
  })
  watch(move, 'place', 'within')
  fsyncPath(dirname(directory))
  fsyncPath(dirname(staging))
}

function putInPlace(site: Site, copy: string, directory: string): void {
  if (existsSync(directory)) throw new VerificationError(`${directory} is taken, though it was reserved`, { directory })
  assertPlace(site.store, directory)
  makeParents(site.directory, directory)
  renameSync(copy, directory)
}

function assertOurs(directory: string, transferId: string): void {
  using store = openCarried(directory, { readonly: true })
  if (readFence(store)?.transferId === transferId) return
  throw new VerificationError(`${directory} is not the store that transfer ${transferId} has prepared`, { directory })
}

/**
 * Creates the account, all its methods and the scheduler's hook, and what belongs to the application store of an
 * offering; takes back reservations and the user's tombstones. Whoever arrives is no administrator here.
 */
export async function admit(move: Move): Promise<void> {
  const site = targetOf(move)
  const row = expectTransfer(site, move.id, ['PREPARED'])
  const writeApplication = await prepareApplication(site, row)
  using store = openCarried(plannedDirectory(site, row), { readonly: true })
  const record = readAccountRecord(store, accountOfUserStore(store))
  const due = earliestEvent(store)
  watch(move, 'admit', 'within')
  site.store.transact(() => {
    advanceTransfer(site, move.id, { from: 'PREPARED', to: 'ACTIVE' })
    assertNamesFree(site, addressesOf(record), { holder: move.id, returningStoreId: row.storeId, reuseNames: true })
    const account = insertAccountRows(site.store, record, String(row.plan['storepath']).split('/'))
    if (due !== null && account.avatars instanceof SubStore) createHook(site.store, account.avatars, due)
    writeApplication(account)
    withholdRights(site, account.storeID, 'arrived')
    for (const endowment of plannedEndowments(row)) noteEndowment(site, account.storeID, endowment)
    removeTombstonesOf(site, row.storeId)
    for (const name of addressesOf(record)) removeTombstone(site, name)
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
  const row = expectTransfer(site, move.id, ['ACTIVE'])
  if (hasGoneOn(site, row)) return
  using store = openCarried(plannedDirectory(site, row))
  ignoreMovedOn(() =>
    changeFence(store, { state: 'prepared', transferId: move.id, epoch: row.toEpoch ?? 1 }, { state: 'active' }),
  )
}

/**
 * Whether the account that was made here is not there any more: its user has been removed, or has moved on, by somebody
 * who found them whole; then there is nothing to open and to try.
 */
function hasGoneOn(site: Site, { accountId }: TransferRow): boolean {
  return accountId !== null && !(site.store.findItemById(accountId) instanceof LoginAccount)
}

class ProbeOver extends Error {}

/** Opens, reads and writes the store as its user would, undoes the write, and looks the user up by every name. */
export function probe(move: Move): void {
  const site = targetOf(move)
  const row = expectTransfer(site, move.id, ['ACTIVE'])
  if (!hasGoneOn(site, row)) tryOut(site, row)
  advanceTransfer(site, move.id, { from: 'ACTIVE', to: 'CONFIRMED' })
}

function tryOut(site: Site, row: TransferRow): void {
  using store = openCarried(plannedDirectory(site, row))
  for (const address of addressesOf(readAccountRecord(store, accountOfUserStore(store)))) {
    const account = findAccountByAddress(site, address)
    if (account === undefined || account.storeID !== row.accountId)
      throw new VerificationError(`${formatAddress(address)} does not lead to the user at the target`)
    probeApplication(site, row, account)
  }
  // Sealed by the next transfer already: it has found the store whole.
  if (readFence(store)?.transferId !== row.id) return
  try {
    store.transact(() => {
      store.sql.run("UPDATE axiom_types SET version = version WHERE typename = 'login'")
      throw new ProbeOver()
    })
  } catch (error) {
    if (!(error instanceof ProbeOver)) throw error
  }
}

export function close(move: Move): void {
  advanceTransfer(targetOf(move), move.id, { from: 'CONFIRMED', to: 'CLOSED' })
}
