import { formatDuration, formatSize } from '../../../base/duration-size.js'
import type { Site } from '../../../site/site.js'
import type { UserOutcome } from '../../../transfer/batch/batch-options.js'
import type { TransferResult } from '../../../transfer/transfer-options.js'
import type { View } from '../../view.js'
import { failureIn } from './failure-in.js'

/** One user of a `transfer-user`: moved, or why not. */
export interface MovedUser {
  readonly status: UserOutcome['status']
  readonly address: string
  readonly from: string
  readonly to: string
  /** Null where nothing was moved. */
  readonly result: TransferResult | null
  readonly code: string | null
  readonly message: string | null
}

export const movedUserView: View<MovedUser> = {
  status: { title: 'status', value: ({ status }) => status },
  address: { title: 'address', value: ({ address }) => address },
  addresses: { title: 'addresses', value: ({ result }) => result?.addresses ?? null, jsonOnly: true },
  offering: { title: 'offering', value: ({ result }) => result?.offering ?? null, jsonOnly: true },
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
  completedByOthers: {
    title: 'completed by others',
    value: ({ result }) => result?.completedByOthers ?? null,
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

interface Sites {
  readonly source: Site
  readonly target: Site
}

export function movedUserOf(outcome: UserOutcome, sites: Sites): MovedUser {
  if (outcome.status === 'already') return alreadyThere(outcome.address, sites)
  const { status, address } = outcome
  const places = { from: sites.source.directory, to: sites.target.directory }
  if (outcome.status === 'moved')
    return { status, address, ...places, result: outcome.result, code: null, message: null }
  return { status, address, ...places, result: null, ...failureIn(outcome.error) }
}

/** Somebody who was at the target before. */
export function alreadyThere(address: string, { source, target }: Sites): MovedUser {
  const places = { from: source.directory, to: target.directory }
  return { status: 'already', address, ...places, result: null, code: null, message: null }
}
