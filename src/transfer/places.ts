import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fsyncPath, giveToOwnerOf, makeDirectory } from '../base/atomic-file.js'
import type { JsonObject } from '../base/json.js'
import { safeJoin } from '../base/safe-path.js'
import { readIdentity } from '../site/identity.js'
import type { Site } from '../site/site.js'
import type { TransferRow } from '../site/transfer-row.js'
import { translateFileError } from '../store-engine/database/sqlite-errors.js'
import { TransferRefusedError } from './transfer-errors.js'

/** Where a store that is arriving is put together. */
export function stagingDirectory(site: Site, transferId: string): string {
  return safeJoin(site.directory, 'temp', `incoming-${transferId}`)
}

/** Where the old directory of a store that has left is kept until it is purged. */
export function quarantineDirectory(site: Site, transferId: string): string {
  return safeJoin(site.directory, 'temp', `moved-${transferId}`)
}

/** Where an old store that is being deleted lies, so that what is left of it is never taken for one that is kept. */
export function purgingDirectory(site: Site, transferId: string): string {
  return safeJoin(site.directory, 'temp', `purging-${transferId}`)
}

/** Where a copy that is given up is deleted. */
export function discardedDirectory(site: Site, transferId: string): string {
  return safeJoin(site.directory, 'temp', `discarded-${transferId}`)
}

/** The directory of the row's store in the row's site: where it was when it was planned, or where it will be. */
export function plannedDirectory(site: Site, row: TransferRow): string {
  return storeDirectory(site, String(row.plan['storepath']))
}

/** The absolute directory of a store path as a SubStore item spells it (`account/example.com/alice.axiom`). */
export function storeDirectory(site: Site, storepath: string): string {
  return safeJoin(site.directory, 'files', ...storepath.split('/'))
}

/** How a SubStore item spells an absolute directory below `files/`. */
export function storepathOf(site: Site, directory: string): string {
  return relative(realpathSync(join(site.directory, 'files')), realpathSync(directory))
    .split(sep)
    .join('/')
}

/** Makes the directories above `directory` down from `root`, and flushes each that was made. */
export function makeParents(root: string, directory: string): void {
  const parent = dirname(directory)
  if (existsSync(parent)) return
  makeParents(root, parent)
  makeDirectory(parent)
  giveToOwnerOf(root, parent)
  fsyncPath(dirname(parent))
}

/**
 * Refuses two sites that cannot move a user between them: one site under two names, one inside the other, or one
 * whose `temp` and `files` are on different file systems, so that nothing there can be renamed into place.
 *
 * @throws TransferRefusedError (`SAME_SITE`, `NESTED_SITES`, `SPLIT_FILE_SYSTEM`)
 */
export function assertTwoSites(source: Site, target: Site): void {
  const [from, to] = [realpathSync(source.directory), realpathSync(target.directory)]
  if (from === to || inodeOf(source) === inodeOf(target))
    throw refusal('SAME_SITE', `${target.directory} is the site that the user is in`, 'name another site with --to')
  if (siteIdOf(source) !== '' && siteIdOf(source) === siteIdOf(target))
    throw refusal('SAME_SITE', `${to} is a copy of ${from}`, 'only one of them may move users')
  if (isInside(from, to) || isInside(to, from))
    throw refusal('NESTED_SITES', `${from} and ${to} lie one inside the other`, 'put the sites beside each other')
  for (const site of [source, target]) assertOneFileSystem(site)
}

/** @throws TransferRefusedError (`SPLIT_FILE_SYSTEM`) */
export function assertOneFileSystem(site: Site): void {
  const temporaryDirectory = join(site.directory, 'temp')
  const filesDirectory = join(site.directory, 'files')
  if (deviceOf(temporaryDirectory) === deviceOf(filesDirectory)) return
  throw refusal(
    'SPLIT_FILE_SYSTEM',
    `${temporaryDirectory} and ${filesDirectory} are on different file systems`,
    'mount both on one: a store is renamed from one to the other',
  )
}

/**
 * Refuses a site where this process may not put a store together, or not where stores lie: it would find out only when
 * the user has left the other one.
 *
 * @throws ReadOnlyStoreError
 */
export function assertMayArrive(site: Site): void {
  for (const path of ['temp', join('files', 'account')]) assertMayWrite(join(site.directory, path))
}

/** @param directory - one that exists, or that can be made. @throws ReadOnlyStoreError */
export function assertMayWrite(directory: string): void {
  const nearest = nearestOf(directory)
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw translateFileError(error, nearest)
  }
}

/** The directory itself, or that in which it, or what is above it, will be made. */
function nearestOf(directory: string): string {
  return existsSync(directory) ? directory : nearestOf(dirname(directory))
}

/** The site's identity; a site that is open for writing always has one. */
export function siteIdOf(site: Site): string {
  return readIdentity(site)?.siteId ?? ''
}

/** The file system that a directory is on, or will be when it is made. */
function deviceOf(directory: string): number {
  return statSync(existsSync(directory) ? directory : dirname(directory)).dev
}

function isInside(outer: string, path: string): boolean {
  return path.startsWith(`${outer}${sep}`)
}

function inodeOf(site: Site): string {
  const { dev, ino } = statSync(join(site.directory, 'db.sqlite'), { bigint: true })
  return `${dev}:${ino}`
}

function refusal(code: string, message: string, hint: string, details: JsonObject = {}): TransferRefusedError {
  return new TransferRefusedError(message, { code, hint, details })
}
