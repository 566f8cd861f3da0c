import type { SiteShare } from '../../../upkeep/site-shares.js'
import type { View } from '../../view.js'

/** One line per share in `share list`. */
export const listedShareView: View<SiteShare> = {
  address: {
    title: 'store',
    value: ({ address }) => address,
    text: ({ address, path }) => address ?? path ?? '(site)',
  },
  store: { title: 'store', value: ({ path }) => path, jsonOnly: true },
  id: {
    title: 'id',
    value: ({ shareID }) => shareID,
    text: ({ shareID, isDefault }) => (isDefault ? `${shareID} (default)` : shareID),
    isWhole: true,
  },
  to: { title: 'to', value: ({ role }) => role, text: ({ role }) => role ?? '(gone)' },
  item: { title: 'item', value: ({ item }) => item, align: 'right' },
  type: { title: 'type', value: ({ type }) => type, text: ({ type }) => type ?? '(gone)' },
  interfaces: { title: 'interfaces', value: ({ interfaces }) => [...interfaces] },
  default: { title: 'default', value: ({ isDefault }) => isDefault, jsonOnly: true },
}

/** What became of a share. */
export interface ChangedShare {
  readonly status: 'created' | 'removed' | 'already' | 'planned'
  /** What the store's account is called. */
  readonly address: string
  /** Null for an ID that will be made up. */
  readonly shareID: string | null
  /** Null for everybody whom it was for. */
  readonly role: string | null
  readonly item: number | null
  readonly interfaces: readonly string[]
  /** Path on the site's web server; null where the store has no name there, or nothing is there any more. */
  readonly path: string | null
}

export const changedShareView: View<ChangedShare> = {
  status: { title: 'status', value: ({ status }) => status },
  address: { title: 'store', value: ({ address }) => address },
  id: { title: 'id', value: ({ shareID }) => shareID, isWhole: true },
  to: { title: 'to', value: ({ role }) => role },
  item: { title: 'item', value: ({ item }) => item },
  interfaces: { title: 'interfaces', value: ({ interfaces }) => [...interfaces] },
  path: { title: 'path', value: ({ path }) => path, isWhole: true },
}
