import { nearestNames } from '../../../base/nearest-names.js'
import { hasID, namesIn, storeIDOf } from '../../../sharing/get-share.js'
import { lookUpRole } from '../../../sharing/named-roles.js'
import { NoSuchShareError } from '../../../sharing/share-errors.js'
import { removeShare } from '../../../sharing/share-item.js'
import { Share } from '../../../sharing/share-items.js'
import type { ShareRemoveOptions } from './share-remove.js'
import type { ChangedShare } from './share-view.js'
import type { SharingStore } from './sharing-store.js'

interface FoundShares {
  readonly shares: readonly Share[]
  /** As the store spells it. */
  readonly shareID: string
  readonly role: string | null
}

/** The shares that `share remove` means. @throws NoSuchShareError, with IDs that look alike; NoSuchRoleError. */
export function getShares({ store }: SharingStore, { id, from }: ShareRemoveOptions): FoundShares {
  const role = from === undefined ? null : lookUpRole(store, from)
  const all = store.query(Share, { where: hasID(id), sort: Share.storeID.ascending }).toArray()
  const shares = all.filter(share => role === null || share.sharedTo.externalID === role)
  const [first] = shares
  if (first !== undefined) return { shares, shareID: first.shareID, role }
  const known = store.query(Share, { limit: 1000 }).toArray()
  throw new NoSuchShareError(
    id,
    nearestNames(
      id,
      known.map(({ shareID }) => shareID).filter(shareID => shareID !== id),
    ),
  )
}

/** Ends them, or only says which they are. */
export function endShares(place: SharingStore, options: ShareRemoveOptions, dryRun: boolean): ChangedShare {
  const { store, address } = place
  return (dryRun ? store.snapshot.bind(store) : store.transact.bind(store))(() => {
    const { shares, shareID, role } = getShares(place, options)
    const interfaces = [...new Set(shares.flatMap(share => namesIn(share.sharedInterfaceNames)))]
    const item = shares[0] === undefined ? null : storeIDOf(shares[0])
    if (!dryRun) for (const share of shares) removeShare(share)
    return { status: dryRun ? 'planned' : 'removed', address, shareID, role, item, interfaces, path: null }
  })
}
