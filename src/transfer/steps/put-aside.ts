/**
 * What becomes of the old store when its user has arrived elsewhere: its fence is closed for good, and its directory is
 * put aside, out of the way of whoever comes to that place next.
 *
 * The user may be back at the very same path while a process that was stopped here still believes in its old store. So
 * a directory is looked at and renamed inside one write transaction of the site, with the journal's state: whoever
 * stops in it keeps everybody from going further, and whoever comes too late finds another state.
 */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fsyncPath, giveToOwnerOf, makeDirectory } from '../../base/atomic-file.js'
import { changeFence } from '../../site/fence.js'
import type { Site } from '../../site/site.js'
import type { TransferRow } from '../../site/transfer-row.js'
import { changeTransfer, expectTransfer, TransferMovedOnError } from '../../site/transfers-journal.js'
import { readFence } from '../../store-engine/database/write-fence.js'
import { openCarried } from '../copying/open-carried.js'
import { plannedDirectory, purgingDirectory, quarantineDirectory } from '../places.js'
import { type Move, sourceOf, watch } from '../protocol/move.js'
import { ignoreMovedOn } from './ignore-moved-on.js'
import { describeKept, KEPT } from './kept-store.js'

/** Milliseconds that whoever reads the old store still may take until its log can be emptied. */
const PATIENCE = 100

/** Closes the fence of the old store for good. Only what is closed is put aside, so there it need not be looked for. */
export function retire(move: Move): void {
  const site = sourceOf(move)
  const directory = plannedDirectory(site, expectUnconfirmed(site, move.id))
  if (!existsSync(directory)) return
  using store = openCarried(directory)
  if (readFence(store)?.transferId !== move.id) return
  ignoreMovedOn(() => changeFence(store, { state: 'sealed', transferId: move.id }, { state: 'retired' }))
  // A log that stayed would be written into the database by the last who has it open, and look like a change.
  store.emptyLog(PATIENCE)
}

/**
 * Puts the old directory aside, or away where an archive is all that was to be kept, and notes that the user was
 * confirmed elsewhere; only then may anything be purged.
 */
export function quarantine(move: Move): void {
  const site = sourceOf(move)
  const to = site.store.transact(() => putAside(site, expectUnconfirmed(site, move.id)))
  for (const directory of [dirname(to), dirname(plannedDirectory(site, expectUnconfirmed(site, move.id)))])
    if (existsSync(directory)) fsyncPath(directory)
  watch(move, 'quarantine', 'within')
  if (isToBeDeleted(expectUnconfirmed(site, move.id))) rmSync(to, { recursive: true, force: true })
  const kept = existsSync(join(to, 'db.sqlite')) ? { [KEPT]: describeKept(to) } : {}
  site.store.transact(() => {
    const { plan } = expectUnconfirmed(site, move.id)
    changeTransfer(site, move.id, { confirmed: true, error: null, plan: { ...plan, ...kept } })
  })
}

/** Renames the old store to where it waits, unless it does already. Inside a transaction of the site. */
function putAside(site: Site, row: TransferRow): string {
  const from = plannedDirectory(site, row)
  const to = isToBeDeleted(row) ? purgingDirectory(site, row.id) : quarantineDirectory(site, row.id)
  if (existsSync(to) || !existsSync(from) || !isRetiredBy(from, row.id)) return to
  makeDirectory(dirname(to))
  giveToOwnerOf(site.directory, dirname(to))
  renameSync(from, to)
  return to
}

function isToBeDeleted({ plan }: TransferRow): boolean {
  return plan['deletesOldStore'] === true
}

/** @throws TransferMovedOnError where the old store has been put aside, or purged, by somebody else. */
function expectUnconfirmed(site: Site, id: string): TransferRow {
  const row = expectTransfer(site, id, ['HANDED_OVER'])
  if (row.confirmed !== null) throw new TransferMovedOnError(row, ['HANDED_OVER'])
  return row
}

/** A directory of that name may be somebody else's by now; the fence tells. */
function isRetiredBy(directory: string, transferId: string): boolean {
  using store = openCarried(directory, { readonly: true })
  const fence = readFence(store)
  return fence?.state === 'retired' && fence.transferId === transferId
}
