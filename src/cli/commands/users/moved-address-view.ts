import { movedTo } from '../../../accounts/moved-to.js'
import type { Tombstone } from '../../../site/tombstones.js'
import type { View } from '../../view.js'

/** One line per address in `users --moved`. */
export const movedAddressView: View<Tombstone> = {
  address: { title: 'address', value: ({ address }) => address },
  target: { title: 'moved to', value: ({ targetPath }) => targetPath },
  since: { title: 'since', value: stone => movedTo(stone).since, text: stone => movedTo(stone).since.slice(0, 10) },
  publicUrl: { title: 'public url', value: ({ publicUrl }) => publicUrl },
  siteId: { title: 'site id', value: ({ targetSiteId }) => targetSiteId, jsonOnly: true },
  storeId: { title: 'store id', value: ({ storeId }) => storeId, jsonOnly: true },
  epoch: { title: 'epoch', value: ({ epoch }) => epoch, jsonOnly: true },
  transferId: { title: 'transfer', value: ({ transferId }) => transferId, isWhole: true },
}
