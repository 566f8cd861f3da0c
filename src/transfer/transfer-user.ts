/**
 * Moving a user from one site to another, both of which this process can reach.
 *
 * The promise: whatever is killed, whenever, the user exists exactly once, with everything that was acknowledged. It
 * rests on four things. The copy is made while the user works and is only made good under a short seal. The one commit
 * point is a column in the source's journal. Everything before it can be undone, everything after it can be done by
 * anybody who reads the two journals. And the fence in the store itself keeps two owners from ever writing, even where
 * a process that was stopped wakes up years later.
 *
 * The order of the steps is in `protocol`, what each does in `steps/`, what remains to be done in `next-steps`;
 * `transfer-coordinator` is the only part with a memory. A lock is held in both sites that dies with the process, so
 * that nobody else settles the move while it lives.
 *
 * What travels: the database (every row and storeID, item types without code included), the files, the account with
 * its password hash and all login methods, the scheduler's hook for the earliest event, the endowments. What stays: the
 * site's own items that mention the user, and `run/`. The application store of an offering is moved like a user, with the
 * records that make it one (`applications/`).
 */
import type { Address } from '../base/address.js'
import { newUlid } from '../base/ids.js'
import type { Site } from '../site/site.js'
import { warmImageThread } from '../store-engine/images/image-threads.js'
import { describeUserStore } from './copying/describe-store.js'
import { quarantineDirectory } from './places.js'
import { type PlanOptions, planTransfer, type TransferPlan } from './plan-transfer.js'
import { Heartbeat } from './protocol/heartbeat.js'
import { type Move, UNOBSERVED } from './protocol/move.js'
import { lockMove } from './protocol/move-lock.js'
import { Coordinator } from './transfer-coordinator.js'
import { TransferPendingError } from './transfer-errors.js'
import type { TransferOptions, TransferResult } from './transfer-options.js'

/** What {@link transferUser} would do; changes nothing. */
export async function planUserTransfer(
  source: Site,
  address: Address,
  options: PlanOptions & { readonly to: Site },
): Promise<TransferPlan> {
  return planTransfer(source, options.to, await describeUserStore(source, address), options)
}

/**
 * Moves a user. Afterwards the target has the account, active, at a higher epoch; the source has tombstones and the
 * old directory in quarantine.
 *
 * @throws TransferRolledBackError, or the conflict, busy or integrity error that stopped it: the user is where they
 *   were, and can write. TransferPendingError: it is decided, and `settle` or the next opening of a site ends it.
 */
export async function transferUser(
  source: Site,
  address: Address,
  options: TransferOptions & { readonly to: Site },
): Promise<TransferResult> {
  const began = performance.now()
  const target = options.to
  warmImageThread()
  const facts = await describeUserStore(source, address)
  const plan = await planTransfer(source, target, facts, options)
  await options.onPlan?.(plan)
  const id = newUlid()
  using heartbeat = new Heartbeat(source, id, facts.databaseBytes)
  const move: Move = { id, source, target, observe: options.observe ?? UNOBSERVED, heartbeat }
  using lock = lockMove(move)
  if (lock === undefined) throw new TransferPendingError(move.id, 'its lock is held')
  const coordinator = new Coordinator(move, facts, { ...options, onBytes: heartbeat.counting(options.onBytes) })
  await coordinator.run()
  return {
    ...coordinator.result(),
    transferId: move.id,
    address: plan.address,
    addresses: plan.addresses,
    offering: plan.application?.offering ?? null,
    from: plan.from,
    to: plan.to,
    durationMs: performance.now() - began,
    quarantine: quarantineDirectory(source, move.id),
    warnings: plan.warnings,
  }
}
