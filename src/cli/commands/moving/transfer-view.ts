import { basename } from 'node:path'
import { toIso } from '../../../base/clock.js'
import type { TransferRow } from '../../../site/transfer-row.js'
import type { RecoveredTransfer } from '../../../transfer/protocol/recover-transfers.js'
import type { View } from '../../view.js'

/** Everything about one move. */
export const transferView: View<TransferRow> = {
  id: { title: 'id', value: ({ id }) => id },
  address: { title: 'address', value: ({ address }) => address },
  role: { title: 'side', value: ({ role }) => role },
  state: { title: 'state', value: ({ state }) => state },
  decision: { title: 'decision', value: ({ decision }) => decision },
  open: { title: 'open', value: ({ isOpen }) => isOpen, jsonOnly: true },
  from: { title: 'from', value: ({ fromPath }) => fromPath },
  to: { title: 'to', value: ({ toPath }) => toPath },
  fromEpoch: { title: 'epoch before', value: ({ fromEpoch }) => fromEpoch, jsonOnly: true },
  toEpoch: { title: 'epoch after', value: ({ toEpoch }) => toEpoch, jsonOnly: true },
  storeId: { title: 'store id', value: ({ storeId }) => storeId, jsonOnly: true },
  manifestHash: { title: 'manifest hash', value: ({ manifestHash }) => manifestHash, jsonOnly: true },
  created: { title: 'begun', value: ({ created }) => toIso(created) },
  updated: { title: 'changed', value: ({ updated }) => toIso(updated), jsonOnly: true },
  decided: { title: 'decided', value: ({ decided }) => timeOf(decided), jsonOnly: true },
  confirmed: { title: 'confirmed', value: ({ confirmed }) => timeOf(confirmed), jsonOnly: true },
  error: { title: 'error', value: ({ error }) => error },
}

/** The same facts for a list: what a person looks for in it, and the rest for programs. */
export const transferListView: View<TransferRow> = {
  ...transferView,
  id: { title: 'id', value: ({ id }) => id, isWhole: true },
  role: { title: 'side', value: ({ role }) => role, jsonOnly: true },
  state: {
    title: 'state',
    value: ({ state }) => state,
    text: ({ state, error }) => (error === null ? state : `${state} (!)`),
    isWhole: true,
  },
  decision: { title: 'decision', value: ({ decision }) => decision, jsonOnly: true },
  from: { title: 'from', value: ({ fromPath }) => fromPath, jsonOnly: true },
  to: { title: 'where', value: ({ toPath }) => toPath, text: directionOf },
  created: {
    title: 'begun',
    value: ({ created }) => toIso(created),
    text: ({ created }) => toIso(created).slice(0, 10),
    isWhole: true,
  },
  error: { title: 'error', value: ({ error }) => error, jsonOnly: true },
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

function timeOf(microseconds: bigint | null): string | null {
  return microseconds === null ? null : toIso(microseconds)
}
