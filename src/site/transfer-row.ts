import type { JsonObject } from '../base/json.js'
import { parseStoredJson } from './stored-json.js'
import type { TransferDecision, TransferRole, TransferState } from './transfer-states.js'

/** One row of `mantissa_transfer`. Times are microseconds since 1970. */
export interface TransferRow {
  readonly id: string
  readonly role: TransferRole
  readonly storeId: string
  readonly accountId: number | null
  readonly address: string
  readonly otherSiteId: string | null
  readonly fromPath: string | null
  readonly toPath: string | null
  readonly fromEpoch: number | null
  readonly toEpoch: number | null
  readonly state: TransferState
  readonly isOpen: boolean
  readonly plan: JsonObject
  readonly manifestHash: string | null
  /** How often other verbs changed the account's rows since the transfer began. */
  readonly revision: number
  readonly decision: TransferDecision | null
  readonly decided: bigint | null
  /** When the target was found whole; nothing may be purged before. */
  readonly confirmed: bigint | null
  readonly heartbeat: JsonObject | null
  readonly error: string | null
  readonly created: bigint
  readonly updated: bigint
}

type Stored = 'isOpen' | 'plan' | 'heartbeat' | 'decided' | 'confirmed' | 'created' | 'updated'

export interface RawTransfer extends Omit<TransferRow, Stored> {
  readonly isOpen: number
  readonly plan: string
  readonly heartbeat: string | null
  readonly decided: number | null
  readonly confirmed: number | null
  readonly created: number
  readonly updated: number
}

export const SELECT_TRANSFERS = `SELECT id, role, store_id AS storeId, account_id AS accountId, address,
  other_site_id AS otherSiteId, from_path AS fromPath, to_path AS toPath, from_epoch AS fromEpoch,
  to_epoch AS toEpoch, state, is_open AS isOpen, plan, manifest_hash AS manifestHash, revision, decision, decided,
  confirmed, heartbeat, error, created, updated FROM mantissa_transfer`

/** @throws DamagedStoreError. */
export function transferFromRow(row: RawTransfer): TransferRow {
  const where = `the transfer ${row.id}`
  return {
    ...row,
    isOpen: row.isOpen === 1,
    plan: parseStoredJson(row.plan, where) as JsonObject,
    heartbeat: row.heartbeat === null ? null : (parseStoredJson(row.heartbeat, where) as JsonObject),
    decided: row.decided === null ? null : BigInt(row.decided),
    confirmed: row.confirmed === null ? null : BigInt(row.confirmed),
    created: BigInt(row.created),
    updated: BigInt(row.updated),
  }
}
