import { formatSize } from '../../../base/duration-size.js'
import type { View } from '../../view.js'

/** What an export has made, or would make. */
export interface ExportedUser {
  readonly status: 'exported' | 'planned'
  readonly address: string
  readonly addresses: readonly string[]
  /** The offering whose application store it is; null for a person's. */
  readonly offering: string | null
  /** Null for standard output. */
  readonly path: string | null
  readonly format: 'archive' | 'directory'
  readonly bytes: number
  readonly files: number
  readonly removed: boolean
  readonly storeId: string | null
  readonly epoch: number | null
  readonly quarantine: string | null
  readonly transferId: string | null
  readonly warnings: readonly string[]
}

export const exportedUserView: View<ExportedUser> = {
  status: { title: 'status', value: ({ status }) => status },
  address: { title: 'address', value: ({ address }) => address },
  addresses: { title: 'addresses', value: ({ addresses }) => addresses, jsonOnly: true },
  offering: { title: 'offering', value: ({ offering }) => offering, jsonOnly: true },
  path: { title: 'path', value: ({ path }) => path },
  format: { title: 'format', value: ({ format }) => format },
  bytes: { title: 'size', value: ({ bytes }) => bytes, text: ({ bytes }) => formatSize(bytes), align: 'right' },
  files: { title: 'files', value: ({ files }) => files, align: 'right' },
  removed: { title: 'removed', value: ({ removed }) => removed },
  storeId: { title: 'store id', value: ({ storeId }) => storeId, jsonOnly: true },
  epoch: { title: 'epoch', value: ({ epoch }) => epoch, jsonOnly: true },
  quarantine: { title: 'quarantine', value: ({ quarantine }) => quarantine, jsonOnly: true },
  transferId: { title: 'transfer', value: ({ transferId }) => transferId, jsonOnly: true },
  warnings: { title: 'warnings', value: ({ warnings }) => warnings, jsonOnly: true },
}
