/**
 * Which old stores may be deleted: those of users who were found whole elsewhere some time ago, and which nobody has
 * written since. One that was changed holds something that did not travel.
 */
import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Site } from '../../site/site.js'
import type { TransferRow } from '../../site/transfer-row.js'
import { getTransfer, listTransfers } from '../../site/transfers-journal.js'
import { purgingDirectory, quarantineDirectory } from '../places.js'
import { hasKeptChanged } from '../steps/kept-store.js'
import { assertConfirmed, NotPurgeableError } from '../steps/purge.js'

/** When nothing else is said. */
export const KEPT_FOR_MS = 7 * 86_400_000

export interface PurgeOptions {
  /** Transfers to purge; all that are old enough when empty. */
  readonly ids?: readonly string[] | undefined
  /** Age of the confirmation; unless it is given, transfers that are named are old enough. */
  readonly olderThanMs?: number | undefined
  /** Also what was changed since it was put aside, or may have been. */
  readonly changedToo?: boolean | undefined
}

export interface Purgeable {
  readonly row: TransferRow
  readonly directory: string
  /** Of its files. */
  readonly bytes: number
  /** Why it is not deleted; undefined where it is. */
  readonly refusal: NotPurgeableError | undefined
}

/**
 * What {@link purgeOne} would be called for; changes nothing.
 *
 * @throws NoSuchTransfer, NotPurgeableError for a transfer that is named and has no old store, or one too young.
 */
export function planPurge(site: Site, options: PurgeOptions = {}): readonly Purgeable[] {
  const { ids = [], olderThanMs } = options
  if (ids.length > 0) return named(site, ids, olderThanMs).map(row => purgeable(site, row, options))
  return listTransfers(site, { role: 'source' })
    .filter(row => row.state === 'HANDED_OVER' && isOldEnough(site, row, olderThanMs ?? KEPT_FOR_MS))
    .map(row => purgeable(site, row, options))
}

function named(site: Site, ids: readonly string[], olderThanMs: number | undefined): readonly TransferRow[] {
  const rows = [...new Set(ids)].map(id => getTransfer(site, id)).filter(({ state }) => state !== 'PURGED')
  for (const row of rows) {
    assertConfirmed(site, row)
    if (olderThanMs !== undefined && !isOldEnough(site, row, olderThanMs)) throw tooYoung(row)
  }
  return rows
}

function isOldEnough(site: Site, { confirmed }: TransferRow, olderThanMs: number): boolean {
  return confirmed !== null && site.clock() - confirmed >= BigInt(olderThanMs) * 1000n
}

function purgeable(site: Site, row: TransferRow, { changedToo = false }: PurgeOptions): Purgeable {
  const kept = quarantineDirectory(site, row.id)
  const directory = existsSync(kept) ? kept : purgingDirectory(site, row.id)
  const isDoubtful = existsSync(join(kept, 'db.sqlite')) && hasKeptChanged(kept, row.plan) !== false
  const refusal = isDoubtful && !changedToo ? changed(row, kept) : undefined
  return { row, directory, bytes: existsSync(directory) ? bytesBelow(directory) : 0, refusal }
}

function bytesBelow(directory: string): number {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map(name => join(directory, name))
  return paths.reduce((sum, path) => {
    const stats = lstatSync(path, { throwIfNoEntry: false })
    return sum + (stats?.isFile() === true ? stats.size : 0)
  }, 0)
}

function changed({ id, address }: TransferRow, directory: string): NotPurgeableError {
  return new NotPurgeableError(`the old store of ${address} was changed after the user had moved: ${directory}`, {
    code: 'MOVED_STORE_CHANGED',
    hint: `look what is in it, then: mantissa transfer purge ${id} --changed-too`,
    details: { id, address, directory },
  })
}

function tooYoung({ id, address }: TransferRow): NotPurgeableError {
  return new NotPurgeableError(`the old store of ${address} is not kept for so long yet`, {
    code: 'MOVED_STORE_TOO_YOUNG',
    hint: `without --older-than it is deleted all the same: mantissa transfer purge ${id}`,
    details: { id, address },
  })
}
