import { readIdentity } from '../site/identity.js'
import { PUBLIC_URL, readSetting } from '../site/settings.js'
import { Site } from '../site/site.js'
import { listTombstonesOf, type Tombstone } from '../site/tombstones.js'
import { type MovedTo, movedTo } from './moved-to.js'

/** Where somebody went who has left a site. */
export interface Whereabouts {
  /** The places on the way, in the order in which they were lived in; most often none. */
  readonly via: readonly MovedTo[]
  /** The furthest that is known. */
  readonly last: MovedTo
  /**
   * What the last place says: `arrived`, the account is there; `lost`, the site knows nothing of it any more;
   * `unreadable`, nobody could ask: it cannot be opened, or another site lies there now.
   */
  readonly end: 'arrived' | 'lost' | 'unreadable'
}

/**
 * Goes from a tombstone to the site that it names, and on from there as long as that site has a tombstone of the same
 * store. Each has to be of a later epoch than the one before, so the walk never goes in a circle, and never after
 * somebody else of the same name. Sites are opened for reading, one at a time; nothing is changed.
 *
 * @param isServedBy - whether the account is in that site.
 */
export function followTombstone(stone: Tombstone, isServedBy: (site: Site) => boolean): Whereabouts {
  const via: MovedTo[] = []
  for (let at = stone; ; ) {
    const answer = ask(at, isServedBy)
    if ('end' in answer) {
      const { end, publicUrl } = answer
      return { via, last: { ...movedTo(at), publicUrl: publicUrl ?? at.publicUrl }, end }
    }
    via.push(movedTo(at))
    at = answer
  }
}

interface End {
  readonly end: Whereabouts['end']
  /** What the site says of itself now. */
  readonly publicUrl: string | null
}

function ask(stone: Tombstone, isServedBy: (site: Site) => boolean): End | Tombstone {
  if (stone.targetPath === null) return UNREADABLE
  try {
    using site = Site.open(stone.targetPath, { readonly: true })
    if (stone.targetSiteId !== null && readIdentity(site)?.siteId !== stone.targetSiteId) return UNREADABLE
    const next = listTombstonesOf(site, stone.storeId).find(({ epoch }) => epoch > stone.epoch)
    if (next !== undefined) return next
    const publicUrl = readSetting<string | null>(site, PUBLIC_URL, null)
    return { end: isServedBy(site) ? 'arrived' : 'lost', publicUrl }
  } catch {
    // For whatever reason: what is known is said, and that it ends here.
    return UNREADABLE
  }
}

const UNREADABLE: End = { end: 'unreadable', publicUrl: null }
