/**
 * Putting right what a check has found. Each repair is one transaction of the store that it concerns, and finds out in
 * there what there is to be done: since the check, somebody may have changed the store, or repaired it. A process that
 * is killed in between leaves whole repairs and none by half; the next check finds what is left.
 *
 * A store that is sealed for a move, or that somebody holds, is passed over and said to be.
 */
import { join } from 'node:path'
import { MantissaError } from '../../base/errors.js'
import { recordAudit } from '../../site/audit.js'
import type { Site } from '../../site/site.js'
import type { Finding, FindingCode } from './finding.js'
import { repairAccountCopy } from './repairs/account-copy.js'
import { removeLooseConnectors } from './repairs/connectors.js'
import { endDeed } from './repairs/deed.js'
import { removeEndowments } from './repairs/endowments.js'
import { unsealStore } from './repairs/fence.js'
import { repairHook } from './repairs/hook.js'
import { makeIdentity } from './repairs/identity.js'
import { makeMissingIndexes } from './repairs/indexes.js'
import { emptyLog } from './repairs/log.js'
import { closeModes, hideKey } from './repairs/modes.js'
import { markDeleted, putObjectsBack } from './repairs/objects.js'
import type { Repair, RepairResult } from './repairs/repair-kind.js'
import { giveReservationsBack } from './repairs/reservations.js'
import { removeTemporary } from './repairs/temporary.js'

const REPAIRS: Readonly<Partial<Record<FindingCode, Repair>>> = {
  LOG_NOT_EMPTIED: emptyLog,
  BASE_INDEX_MISSING: makeMissingIndexes,
  INDEX_MISSING: makeMissingIndexes,
  OBJECT_WITHOUT_ITEM: markDeleted,
  ITEM_WITHOUT_OBJECT: putObjectsBack,
  POWERUP_TO_NOTHING: removeLooseConnectors,
  DEPENDENCY_TO_NOTHING: removeLooseConnectors,
  ACCOUNT_COPY_DIFFERS: repairAccountCopy,
  ACCOUNT_COPY_MISSING: repairAccountCopy,
  ENDOWMENT_WITHOUT_ACCOUNT: removeEndowments,
  MODE_TOO_OPEN: closeModes,
  KEY_EXPOSED: hideKey,
  TEMPORARY_LEFT: removeTemporary,
  SITE_IS_COPY: makeIdentity,
  DEED_UNFINISHED: endDeed,
  RESERVATION_WITHOUT_HOLDER: giveReservationsBack,
  FENCE_LEFT_SEALED: unsealStore,
  FENCE_UNEXPLAINED: unsealStore,
  HOOK_MISSING: repairHook,
  HOOK_LATE: repairHook,
}

export interface RepairOutcome {
  readonly finding: Finding
  /** `skipped`: it could not be done now. */
  readonly status: RepairResult | 'skipped'
  /** Why it was skipped; null otherwise. */
  readonly reason: string | null
}

/**
 * Repairs one finding that has a repair, and records it in the site's audit log.
 *
 * @param site - open for writing.
 */
export function repair(site: Site, finding: Finding): RepairOutcome {
  const directory = finding.store === '.' ? site.directory : join(site.directory, ...finding.store.split('/'))
  try {
    const status = REPAIRS[finding.code]?.(site, finding, directory) ?? 'gone'
    if (status === 'done') record(site, finding)
    return { finding, status, reason: null }
  } catch (error) {
    if (!mayBePassedOver(error)) throw error
    return { finding, status: 'skipped', reason: error.message }
  }
}

/** Somebody holds it, it is not ours, or it is damaged beyond this repair: the next check tells. */
function mayBePassedOver(error: unknown): error is Error {
  if (error instanceof MantissaError) return true
  const { code } = error as NodeJS.ErrnoException
  return code === 'EPERM' || code === 'EACCES' || code === 'ENOENT'
}

function record(site: Site, { code, store }: Finding): void {
  recordAudit(site, { verb: 'check --repair', args: { code, store } })
}
