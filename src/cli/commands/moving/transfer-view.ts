import { basename } from 'node:path'
import { toIso } from '../../../base/clock.js'
import { formatDuration } from '../../../base/duration-size.js'
import type { JsonObject } from '../../../base/json.js'
import type { TransferRow } from '../../../site/transfer-row.js'
import type { RecoveredTransfer } from '../../../transfer/protocol/recover-transfers.js'
import type { TransferReport } from '../../../transfer/protocol/transfer-report.js'
import type { View } from '../../view.js'

/** Everything about one move. */
export const transferView: View<TransferReport> = {
  id: { title: 'id', value: ({ row }) => row.id },
  address: { title: 'address', value: ({ row }) => row.address },
  offering: { title: 'offering', value: ({ row }) => offeringOf(row), jsonOnly: true },
  role: { title: 'side', value: ({ row }) => row.role },
  state: { title: 'state', value: ({ row }) => row.state },
  decision: { title: 'decision', value: ({ row }) => row.decision },
  open: { title: 'open', value: ({ row }) => row.isOpen, jsonOnly: true },
  from: { title: 'from', value: ({ row }) => row.fromPath },
  to: { title: 'to', value: ({ row }) => row.toPath },
  fromEpoch: { title: 'epoch before', value: ({ row }) => row.fromEpoch, jsonOnly: true },
  toEpoch: { title: 'epoch after', value: ({ row }) => row.toEpoch, jsonOnly: true },
  storeId: { title: 'store id', value: ({ row }) => row.storeId, jsonOnly: true },
  manifestHash: { title: 'manifest hash', value: ({ row }) => row.manifestHash, jsonOnly: true },
  created: { title: 'begun', value: ({ row }) => toIso(row.created) },
  updated: { title: 'changed', value: ({ row }) => toIso(row.updated) },
  decided: { title: 'decided', value: ({ row }) => timeOf(row.decided), jsonOnly: true },
  confirmed: { title: 'confirmed', value: ({ row }) => timeOf(row.confirmed), jsonOnly: true },
  coordinator: { title: 'process', value: ({ life }) => life, text: processOf },
  pid: { title: 'pid', value: ({ pid }) => pid, jsonOnly: true },
  silentMs: { title: 'silent for', value: ({ silentMs }) => silentMs, jsonOnly: true },
  user: { title: 'user', value: ({ user }) => user, text: userOf },
  freezeMs: {
    title: 'writes refused for',
    value: ({ freezeMs }) => freezeMs,
    text: ({ freezeMs }) => (freezeMs === null ? '' : formatDuration(freezeMs)),
  },
  next: {
    title: 'next',
    value: ({ next }) => next,
    text: ({ next, does }) => (next === null ? '' : `${next}: ${does}`),
  },
  command: { title: 'to run', value: ({ command }) => command },
  error: { title: 'error', value: ({ row }) => row.error },
}

/** The same facts for a list: what a person looks for in it, and the rest for programs. */
export const transferListView: View<TransferReport> = {
  ...transferView,
  id: { title: 'id', value: ({ row }) => row.id, isWhole: true },
  role: { title: 'side', value: ({ row }) => row.role, jsonOnly: true },
  state: { title: 'state', value: ({ row }) => row.state, text: stateOf, isWhole: true },
  decision: { title: 'decision', value: ({ row }) => row.decision, jsonOnly: true },
  from: { title: 'from', value: ({ row }) => row.fromPath, jsonOnly: true },
  to: { title: 'where', value: ({ row }) => row.toPath, text: ({ row }) => directionOf(row) },
  created: {
    title: 'begun',
    value: ({ row }) => toIso(row.created),
    text: ({ row }) => toIso(row.created).slice(0, 10),
    isWhole: true,
  },
  updated: { title: 'changed', value: ({ row }) => toIso(row.updated), jsonOnly: true },
  coordinator: { title: 'process', value: ({ life }) => life, jsonOnly: true },
  user: { title: 'user', value: ({ user }) => user, jsonOnly: true },
  freezeMs: { title: 'writes refused for', value: ({ freezeMs }) => freezeMs, jsonOnly: true },
  next: { title: 'next', value: ({ next }) => next, jsonOnly: true },
  command: { title: 'to run', value: ({ command }) => command, jsonOnly: true },
  error: { title: 'error', value: ({ row }) => row.error, jsonOnly: true },
}

/** `SEALED`, and what is worth a look: that nobody goes on with it, or that it has met an error. */
function stateOf({ row, life }: TransferReport): string {
  const process = life === null || life === 'lives' ? '' : `, ${life}`
  return `${row.state}${process}${row.error === null ? '' : ' (!)'}`
}

function processOf({ life, pid, silentMs }: TransferReport): string {
  if (life === null) return ''
  if (life === 'gone') return 'gone'
  const which = pid === null ? '' : ` (pid ${pid})`
  if (life === 'lives') return `works${which}`
  return `stands still ${silentMs === null ? 'since another boot' : `for ${formatDuration(silentMs)}`}${which}`
}

function userOf({ row, user }: TransferReport): string {
  if (user === null) return ''
  if (user === 'moved') return `is at ${row.toPath}`
  const texts = {
    writes: 'can write, and nothing is decided',
    frozen: 'cannot write until it ends',
    left: 'has left with the export',
    stayed: 'stays, and can write',
  }
  return texts[user]
}

/** `to west.axiom`, `from east.axiom`; a move with one side only is an export or an import. */
function directionOf({ role, fromPath, toPath }: TransferRow): string {
  if (role === 'source') return toPath === null ? 'export' : `to ${basename(toPath)}`
  return fromPath === null ? 'import' : `from ${basename(fromPath)}`
}

export const recoveredTransferView: View<RecoveredTransfer> = {
  id: { title: 'id', value: ({ id }) => id },
  address: { title: 'address', value: ({ address }) => address },
  outcome: { title: 'outcome', value: ({ outcome }) => outcome },
  state: { title: 'state', value: ({ state }) => state },
  decision: { title: 'decision', value: ({ decision }) => decision },
  overtaken: { title: 'went on without its process', value: ({ overtaken }) => overtaken, jsonOnly: true },
  reason: { title: 'reason', value: ({ reason }) => reason },
}

/** The offering whose application store it is; null for a person's. */
function offeringOf({ plan }: TransferRow): string | null {
  const application = plan['application'] as JsonObject | undefined
  return application === undefined ? null : String(application['offering'])
}

function timeOf(microseconds: bigint | null): string | null {
  return microseconds === null ? null : toIso(microseconds)
}
