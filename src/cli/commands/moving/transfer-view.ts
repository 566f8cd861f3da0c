import { toIso } from '../../../base/clock.js'
import type { TransferRow } from '../../../site/transfer-row.js'
import type { RecoveredTransfer } from '../../../transfer/recover-transfers.js'
import type { View } from '../../view.js'

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

export const recoveredTransferView: View<RecoveredTransfer> = {
  id: { title: 'id', value: ({ id }) => id },
  address: { title: 'address', value: ({ address }) => address },
  outcome: { title: 'outcome', value: ({ outcome }) => outcome },
  state: { title: 'state', value: ({ state }) => state },
  decision: { title: 'decision', value: ({ decision }) => decision },
  reason: { title: 'reason', value: ({ reason }) => reason },
}

function timeOf(microseconds: bigint | null): string | null {
  return microseconds === null ? null : toIso(microseconds)
}
