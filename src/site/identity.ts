/**
 * A site knows itself: a UUID, how often it was given a new life, and where it lay when it was last written.
 *
 * A copied directory is a second site that believes to be the first. Two of them that both move users would make two
 * owners of one store, so a site whose path or inode has changed is suspected of being a copy, and moves refuse it
 * ({@link assertNotACopy}) until it has got an identity of its own. Everything else works on it as usual. One case is
 * innocent beyond doubt: the same inode under another path while nothing is left at the old one is a rename.
 */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ConflictError, UnavailableError } from '../base/errors.js'
import { newUuid } from '../base/ids.js'
import { ADMIN_FORMAT } from './admin-tables.js'
import type { Site } from './site.js'
import { listUnfinishedTransfers } from './transfers-journal.js'

export interface SiteIdentity {
  readonly siteId: string
  /** Rises when the site is restored or repaired into a new life. */
  readonly incarnation: number
  /** The directory that the site was last written in. */
  readonly lastPath: string | null
  readonly lastInode: number | null
}

/** The identity, or undefined for a site that was never written here. */
export function readIdentity(site: Site): SiteIdentity | undefined {
  if (!site.hasAdminTables) return undefined
  return site.store.sql.get<SiteIdentity>(
    `SELECT site_id AS siteId, incarnation, last_path AS lastPath, last_inode AS lastInode FROM mantissa_site`,
  )
}

/** Gives a site its identity, once, and follows an innocent rename; call it inside a transaction. */
export function recordIdentity(site: Site): void {
  const known = readIdentity(site)
  if (known === undefined) {
    site.store.sql.run(
      `INSERT INTO mantissa_site (one, format, site_id, incarnation, last_path, last_inode, created)
        VALUES (1, ?, ?, 1, ?, ?, ?)`,
      ...[ADMIN_FORMAT, newUuid(), site.directory, inodeOf(site), site.clock()],
    )
  } else if (known.lastPath !== site.directory && !looksCopied(site, known)) {
    site.store.sql.run('UPDATE mantissa_site SET last_path = ?', site.directory)
  }
}

/** Whether {@link recordIdentity} has anything to write, so that an opening need not take the write lock. */
export function isIdentityCurrent(site: Site): boolean {
  const known = readIdentity(site)
  return known !== undefined && (known.lastPath === site.directory || looksCopied(site, known))
}

/** Whether this directory may be a copy of the site that it says it is. */
export function isSuspectedCopy(site: Site): boolean {
  const known = readIdentity(site)
  return known !== undefined && looksCopied(site, known)
}

/** @throws SiteIsCopyError; nothing is changed. Whoever moves a user calls it for both sites. */
export function assertNotACopy(site: Site): void {
  if (isSuspectedCopy(site)) throw new SiteIsCopyError(site.directory, readIdentity(site))
}

/** The site may be a copy of another; no move was begun. */
export class SiteIsCopyError extends ConflictError {
  constructor(directory: string, identity: SiteIdentity | undefined) {
    super(`${directory} may be a copy of the site that was last written at ${identity?.lastPath}`, {
      code: 'SITE_IS_COPY',
      hint: `move users at the original, or put this directory back to ${identity?.lastPath}`,
      details: { directory, lastPath: identity?.lastPath ?? null, siteId: identity?.siteId ?? null },
    })
  }
}

/**
 * Whatever is open can still be read and written when its directory has gone (moved by somebody, or unmounted), while
 * everything else there seems to be missing. Whoever takes what is missing for done asks this first.
 *
 * @throws SiteGoneError
 */
export function assertInPlace(site: Site): void {
  if (!existsSync(join(site.directory, 'db.sqlite'))) throw new SiteGoneError(site.directory)
}

/** The directory of a site that is open is not there any more; nothing was changed in it. */
export class SiteGoneError extends UnavailableError {
  constructor(directory: string) {
    super(`${directory} is not there any more`, {
      code: 'SITE_GONE',
      hint: 'put it back, or mount it again, and run the command again',
      details: { directory },
    })
  }
}

function looksCopied(site: Site, known: SiteIdentity): boolean {
  return looksLikeCopy(site.directory, known)
}

/** The same for a site that is not open: whether what lies in `directory` may be a copy of the site that it says it is. */
export function looksLikeCopy(directory: string, known: Pick<SiteIdentity, 'lastPath' | 'lastInode'>): boolean {
  if (known.lastInode !== inodeIn(directory)) return true
  const { lastPath } = known
  return lastPath !== null && lastPath !== directory && existsSync(join(lastPath, 'db.sqlite'))
}

/**
 * Makes a suspected copy a site of its own: a new UUID, the next incarnation, this place. The stores below it keep
 * their ids, so that none of them can be moved to where the original is active.
 *
 * Call it inside a transaction. False, and nothing changed, for a site that is no suspected copy (any more), and for one
 * with unfinished moves: ending them is the original's affair, and the other site would take this one for it.
 */
export function giveNewIdentity(site: Site): boolean {
  if (!isSuspectedCopy(site) || listUnfinishedTransfers(site).length > 0) return false
  site.store.sql.run(
    'UPDATE mantissa_site SET site_id = ?, incarnation = incarnation + 1, last_path = ?, last_inode = ?',
    ...[newUuid(), site.directory, inodeOf(site)],
  )
  return true
}

function inodeOf(site: Site): number {
  return inodeIn(site.directory)
}

function inodeIn(directory: string): number {
  return statSync(join(directory, 'db.sqlite')).ino
}
