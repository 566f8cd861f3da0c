/**
 * Creating accounts, some hundred at a time.
 *
 * An account is rows in the site and a directory with a store of its own, which no transaction can make together.
 * So, for a batch:
 *
 * 1. one site transaction: each name is held against all that exist, a directory is chosen, both are reserved, and
 *    the deed `create-accounts` is recorded with the directories;
 * 2. the stores are made as images in memory and written, each aside and renamed into place, everything flushed; the
 *    site is not locked meanwhile;
 * 3. one site transaction: substore, account and methods of each, reservations released, the deed's record removed.
 *
 * A crash before the end of 3 leaves a recorded deed: recovery (`undo-creation`) removes the directories that no
 * account names and frees the names, so that the same command can be given again. A crash after it leaves complete
 * accounts. Nothing is ever completed by recovery: who saw the command die does not expect the account to exist, with
 * a password that was perhaps typed wrong.
 */
import { rmSync } from 'node:fs'
import { makeDirectory } from '../base/atomic-file.js'
import { beginDeed, type Deed, finishDeed } from '../site/deeds.js'
import { chooseUserStoreSegments, type StoreSegments, storePathOf } from '../site/layout.js'
import { addressKey, releaseReservations, reserve } from '../site/reservations.js'
import type { Site } from '../site/site.js'
import { removeTombstone } from '../site/tombstones.js'
import { type AccountRecord, addressesOf, type MethodRecord } from './account-record.js'
import { insertAccountRows } from './account-rows.js'
import { takenError } from './address-free.js'
import { AddressNotFreeError, AddressTakenError } from './errors.js'
import type { LoginAccount } from './login-account.js'
import { getLoginSystem } from './login-system.js'
import { type CreationRules, type NewAccount, recordOfNew } from './new-account.js'
import { CREATE_ACCOUNTS, stagingOf, undoCreation } from './undo-creation.js'
import { type PlannedStore, UserStoreWriter } from './user-store-writer.js'

export type CreationOutcome =
  | { readonly status: 'created'; readonly account: LoginAccount }
  | { readonly status: 'taken'; readonly error: AddressNotFreeError }

/** What is begun; one step per account, in their order. */
interface Plan {
  readonly deed: Deed
  readonly steps: readonly (PlannedStore | AddressNotFreeError)[]
}

/** No name was free, so nothing was begun. */
interface NothingToDo {
  readonly deed: undefined
  readonly steps: readonly AddressNotFreeError[]
}

export interface BatchOptions extends CreationRules {
  /** Kept over several batches; it knows `prepare` already. */
  readonly writer?: UserStoreWriter
}

/**
 * Creates the accounts whose names are free; the outcomes come in the order of the accounts. A name that two accounts
 * of the batch want goes to the first.
 *
 * @throws whatever keeps the batch from being made (disk full, site busy); then none of it exists.
 */
export function createBatch(
  site: Site,
  accounts: readonly NewAccount[],
  options: BatchOptions = {},
): readonly CreationOutcome[] {
  const writer = options.writer ?? new UserStoreWriter(site, options.prepare)
  const plan = beginBatch(site, accounts, options)
  if (plan.deed === undefined) return plan.steps.map(takenOutcome)
  try {
    for (const store of storesOf(plan)) writer.write(store, stagingOf(site, plan.deed))
    writer.sync()
    return endBatch(site, plan, options)
  } catch (error) {
    undoCreation(site, plan.deed)
    throw error
  }
}

/** The same for many accounts: the event loop turns while the disk is waited for. */
export async function createLargeBatch(
  site: Site,
  accounts: readonly NewAccount[],
  options: BatchOptions & { readonly writer: UserStoreWriter },
): Promise<readonly CreationOutcome[]> {
  const plan = beginBatch(site, accounts, options)
  if (plan.deed === undefined) return plan.steps.map(takenOutcome)
  try {
    await options.writer.writeAll(storesOf(plan), stagingOf(site, plan.deed))
    options.writer.sync()
    return endBatch(site, plan, options)
  } catch (error) {
    undoCreation(site, plan.deed)
    throw error
  }
}

function beginBatch(site: Site, accounts: readonly NewAccount[], rules: CreationRules): Plan | NothingToDo {
  getLoginSystem(site.store)
  const plan = site.store.transact(() => planBatch(site, accounts, rules))
  if (plan.deed !== undefined) makeDirectory(stagingOf(site, plan.deed))
  return plan
}

function endBatch(site: Site, plan: Plan, rules: CreationRules): readonly CreationOutcome[] {
  rmSync(stagingOf(site, plan.deed), { recursive: true, force: true })
  return site.store.transact(() => {
    const outcomes = plan.steps.map(step => settle(site, step, rules))
    releaseReservations(site, plan.deed.id)
    finishDeed(site, plan.deed)
    return outcomes
  })
}

function storesOf({ steps }: Plan): readonly PlannedStore[] {
  return steps.filter(step => 'segments' in step)
}

function planBatch(site: Site, accounts: readonly NewAccount[], rules: CreationRules): Plan | NothingToDo {
  const judged = judgeNames(site, accounts.map(recordOfNew), rules)
  const free = judged.filter((each): each is AccountRecord => !(each instanceof AddressNotFreeError))
  if (free.length === 0) return { deed: undefined, steps: judged.filter(each => each instanceof AddressNotFreeError) }
  const firstNames = free.map(record => record.methods[0] as MethodRecord)
  const chosen = chooseUserStoreSegments(site.store, firstNames)
  const directories = chosen.map(storePathOf)
  const deed = beginDeed(site, CREATE_ACCOUNTS, { directories })
  reserve(site, deed.id, { addresses: free.flatMap(addressesOf), directories })
  const segments = chosen[Symbol.iterator]()
  const steps = judged.map(each =>
    each instanceof AddressNotFreeError ? each : { record: each, segments: segments.next().value as StoreSegments },
  )
  return { deed, steps }
}

function judgeNames(
  site: Site,
  records: readonly AccountRecord[],
  rules: CreationRules,
): readonly (AccountRecord | AddressNotFreeError)[] {
  const given = new Set<string>()
  return records.map(record => {
    for (const name of addressesOf(record)) {
      if (given.has(addressKey(name))) return new AddressTakenError(name, null)
      const error = takenError(site, name, rules)
      if (error !== undefined) return error
    }
    for (const name of addressesOf(record)) given.add(addressKey(name))
    return record
  })
}

function settle(site: Site, step: PlannedStore | AddressNotFreeError, rules: CreationRules): CreationOutcome {
  if (step instanceof AddressNotFreeError) return takenOutcome(step)
  if (rules.reuseNames) for (const name of addressesOf(step.record)) removeTombstone(site, name)
  return { status: 'created', account: insertAccountRows(site.store, step.record, step.segments) }
}

function takenOutcome(error: AddressNotFreeError): CreationOutcome {
  return { status: 'taken', error }
}
