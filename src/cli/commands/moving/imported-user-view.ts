import { formatSize } from '../../../base/duration-size.js'
import type { View } from '../../view.js'

/** A user that was taken in, or would be. */
export interface ImportedUser {
  readonly status: 'imported' | 'planned'
  readonly address: string
  readonly addresses: readonly string[]
  /** Addresses of the original that a copy under another name does not have. */
  readonly leftOut: readonly string[]
  /** The offering whose application store it is; null for a person's. */
  readonly offering: string | null
  readonly bytes: number
  readonly files: number | null
  /** `kept`: the same store that was exported; `new`: a copy of it. */
  readonly identity: 'kept' | 'new'
  readonly storeId: string | null
  readonly epoch: number | null
  readonly incarnation: number | null
  readonly disabled: boolean | null
  readonly transferId: string | null
  readonly warnings: readonly string[]
}

export const importedUserView: View<ImportedUser> = {
  status: { title: 'status', value: ({ status }) => status },
  address: { title: 'address', value: ({ address }) => address },
  addresses: { title: 'addresses', value: ({ addresses }) => addresses, jsonOnly: true },
  leftOut: { title: 'left out', value: ({ leftOut }) => leftOut, jsonOnly: true },
  offering: { title: 'offering', value: ({ offering }) => offering, jsonOnly: true },
  bytes: { title: 'size', value: ({ bytes }) => bytes, text: ({ bytes }) => formatSize(bytes), align: 'right' },
  files: { title: 'files', value: ({ files }) => files, align: 'right' },
  identity: { title: 'identity', value: ({ identity }) => identity },
  storeId: { title: 'store id', value: ({ storeId }) => storeId, jsonOnly: true },
  epoch: { title: 'epoch', value: ({ epoch }) => epoch, jsonOnly: true },
  incarnation: { title: 'incarnation', value: ({ incarnation }) => incarnation, jsonOnly: true },
  disabled: { title: 'disabled', value: ({ disabled }) => disabled, jsonOnly: true },
  warnings: { title: 'warnings', value: ({ warnings }) => warnings, jsonOnly: true },
  transferId: { title: 'transfer', value: ({ transferId }) => transferId, jsonOnly: true },
}
