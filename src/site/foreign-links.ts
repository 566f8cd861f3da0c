import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { DeniedError } from '../base/errors.js'
import { ownUid } from '../base/this-process.js'

/** Where a site's own work is done, besides its database. */
const PLACES = ['files', 'temp', 'run', 'run/locks'] as const

/**
 * Makes sure that no link of somebody else's stands for a directory of the site. Whoever works on another's site, above
 * all root, would make, give away and remove things wherever it leads.
 *
 * Such a link can still be put there at any later moment: this is no protection from an owner who waits for it. Work on
 * somebody's site as its owner.
 *
 * @throws LinkedPlaceError; nothing was changed.
 */
export function assertNoForeignLinks(directory: string): void {
  const trusted = [0, ownUid()]
  for (const place of PLACES) {
    const path = join(directory, place)
    const facts = lstatSync(path, { throwIfNoEntry: false })
    if (facts?.isSymbolicLink() && !trusted.includes(facts.uid)) throw new LinkedPlaceError(path, facts.uid)
  }
}

/** A directory of the site is a link that somebody else has made; nothing was changed. */
export class LinkedPlaceError extends DeniedError {
  constructor(path: string, owner: number) {
    super(`${path} is a link that belongs to uid ${owner}, so nothing is written there`, {
      code: 'LINKED_PLACE',
      hint: 'work on the site as its owner, or put a directory in the place of the link',
      details: { path, owner },
    })
  }
}
