import { formatDuration, formatSize } from '../../../base/duration-size.js'
import type { TransferPlan } from '../../../transfer/plan-transfer.js'
import type { TransferResult } from '../../../transfer/transfer-options.js'
import type { View } from '../../view.js'

/** One user of a `transfer-user`: moved, or why not. */
export interface MovedUser {
  readonly status: 'moved' | 'failed'
  readonly address: string
  readonly from: string
  readonly to: string
  /** Null where the move failed. */
  readonly result: TransferResult | null
  readonly code: string | null
  readonly message: string | null
}

export const movedUserView: View<MovedUser> = {
  status: { title: 'status', value: ({ status }) => status },
  address: { title: 'address', value: ({ address }) => address },
  addresses: { title: 'addresses', value: ({ result }) => result?.addresses ?? null, jsonOnly: true },
  from: { title: 'from', value: ({ from }) => from, jsonOnly: true },
  to: { title: 'to', value: ({ to }) => to },
  bytes: {
    title: 'size',
    value: ({ result }) => result?.bytes ?? null,
    text: ({ result }) => (result === null ? '' : formatSize(result.bytes)),
    align: 'right',
  },
  files: { title: 'files', value: ({ result }) => result?.files ?? null, align: 'right', jsonOnly: true },
  freezeMs: {
    title: 'freeze',
    value: ({ result }) => (result === null ? null : Math.round(result.freezeMs)),
    text: ({ result }) => (result === null ? '' : formatDuration(result.freezeMs)),
    align: 'right',
  },
  durationMs: {
    title: 'duration',
    value: ({ result }) => (result === null ? null : Math.round(result.durationMs)),
    jsonOnly: true,
  },
  images: { title: 'images', value: ({ result }) => result?.images ?? null, jsonOnly: true },
  storeId: { title: 'store id', value: ({ result }) => result?.storeId ?? null, jsonOnly: true },
  epoch: { title: 'epoch', value: ({ result }) => result?.epoch ?? null, jsonOnly: true },
  transferId: { title: 'transfer', value: ({ result }) => result?.transferId ?? null, jsonOnly: true },
  quarantine: { title: 'quarantine', value: ({ result }) => result?.quarantine ?? null, jsonOnly: true },
  warnings: { title: 'warnings', value: ({ result }) => result?.warnings ?? [], jsonOnly: true },
  code: { title: 'code', value: ({ code }) => code },
  message: { title: 'message', value: ({ message }) => message },
}

export const transferPlanView: View<TransferPlan> = {
  status: { title: 'status', value: () => 'planned' },
  address: { title: 'address', value: ({ address }) => address },
  addresses: { title: 'addresses', value: ({ addresses }) => addresses },
  from: { title: 'from', value: ({ from }) => from },
  to: { title: 'to', value: ({ to }) => to },
  storeId: { title: 'store id', value: ({ storeId }) => storeId, jsonOnly: true },
  databaseBytes: {
    title: 'database',
    value: ({ databaseBytes }) => databaseBytes,
    text: ({ databaseBytes }) => formatSize(databaseBytes),
    align: 'right',
  },
  files: { title: 'files', value: ({ files }) => files, align: 'right' },
  fileBytes: {
    title: 'size of files',
    value: ({ fileBytes }) => fileBytes,
    text: ({ fileBytes }) => formatSize(fileBytes),
    align: 'right',
  },
  freezeMs: {
    title: 'freeze at most about',
    value: ({ freezeMs }) => freezeMs,
    text: ({ freezeMs }) => formatDuration(freezeMs),
    align: 'right',
  },
  unknownTypes: { title: 'item types without code', value: ({ unknownTypes }) => unknownTypes, jsonOnly: true },
  missingOfferings: { title: 'missing offerings', value: ({ missingOfferings }) => missingOfferings, jsonOnly: true },
  warnings: { title: 'warnings', value: ({ warnings }) => warnings },
}
