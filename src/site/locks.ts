/**
 * Locks that die with their process.
 *
 * Whether a deed's or a transfer's coordinator still lives must never be guessed from a pid: pids are reused. Each
 * process that begins a deed therefore holds a small lock database in the site's `run/locks/` for as long as it has
 * the site open, and writes its name beside the deed. Whoever can take that lock knows that the process is gone.
 */
import { existsSync } from 'node:fs'
import { giveToOwnerOf, makeDirectory, removeIfPossible } from '../base/atomic-file.js'
import { safeJoin } from '../base/safe-path.js'
import type { HeldLock } from '../store-engine/database/lock-database.js'
import { tryLockDatabase } from '../store-engine/database/lock-database.js'
import { DiskFullError, translateFileError } from '../store-engine/database/sqlite-errors.js'
import type { Site } from './site.js'

/**
 * Takes the site's lock of that name without waiting; undefined when another process, or another part of this one,
 * holds it. The file stays after the release; {@link removeLockFile} takes it away.
 */
export function tryLock(site: Site, name: string): HeldLock | undefined {
  const directory = safeJoin(site.store.runDirectory ?? '', 'locks')
  makeLockDirectory(directory)
  const path = safeJoin(directory, `${name}.lock`)
  const isNew = !existsSync(path)
  const lock = tryLockDatabase(path)
  if (isNew) {
    giveToOwnerOf(site.directory, directory)
    if (existsSync(path)) giveToOwnerOf(site.directory, path)
  }
  return lock
}

function makeLockDirectory(directory: string): void {
  try {
    makeDirectory(directory)
  } catch (error) {
    throw translateFileError(error, directory)
  }
}

/** Whether somebody holds the lock of that name just now. */
export function isLocked(site: Site, name: string): boolean {
  using lock = tryLock(site, name)
  return lock === undefined
}

/**
 * The same for a site that is not open, and without making anything there. A lock that may not be tried, in a site of
 * somebody else's, counts as held; one that only a full disk keeps from being taken does not.
 */
export function isLockHeld(siteDirectory: string, name: string): boolean {
  const path = safeJoin(siteDirectory, 'run', 'locks', `${name}.lock`)
  if (!existsSync(path)) return false
  try {
    using lock = tryLockDatabase(path)
    return lock === undefined
  } catch (error) {
    // SQLite takes the lock before it writes, so on a full disk nobody else has it.
    return !(error instanceof DiskFullError)
  }
}

/**
 * Deletes the file of a lock that is held; call it just before the release, when the name will not be used again. It
 * does not fail.
 */
export function removeLockFile(lock: HeldLock): void {
  removeIfPossible(lock.path)
  removeIfPossible(`${lock.path}-journal`)
}
