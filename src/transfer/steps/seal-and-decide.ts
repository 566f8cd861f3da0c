/**
 * The steps in which the source freezes a user and decides: everything before the one commit point of a move.
 *
 * Each is a compare-and-set, on the fence in a transaction of the user's store or on the journal's state in one of the
 * site: a step whose time has passed throws and changes nothing.
 */
import type { AccountRecord } from '../../accounts/account-record.js'
import { readAccountRecord } from '../../accounts/account-rows.js'
import { type ApplicationRecord, readApplicationRecord } from '../../offerings/application-record.js'
import { type Endowment, listEndowments } from '../../offerings/endowments.js'
import { changeFence } from '../../site/fence.js'
import { advanceTransfer, decideTransfer, expectTransfer, getTransfer } from '../../site/transfers-journal.js'
import type { Store } from '../../store-engine/store.js'
import { beatNow } from '../protocol/heartbeat.js'
import { type Move, sourceOf, watch } from '../protocol/move.js'
import { accountOf } from './leaving-account.js'

export interface Seal {
  readonly endowments: readonly Endowment[]
  /** What the site holds for the user; from here on nobody may change it. */
  readonly record: AccountRecord
  /** The same for the application store of an offering; null for a person's. */
  readonly application: ApplicationRecord | null
  /** How often the rows were changed while the copy was made; the commit compares it. */
  readonly revision: number
}

/**
 * Closes the fence of the store and, in the site, the rows of its account. The freeze begins.
 *
 * @param store - a writable connection to the user's store.
 */
export function seal(move: Move, store: Store): Seal {
  const site = sourceOf(move)
  const row = expectTransfer(site, move.id, ['COPYING'])
  const frozen = beatNow()
  changeFence(
    store,
    { state: 'active', epoch: row.fromEpoch ?? 0, storeId: row.storeId },
    { state: 'sealed', transferId: move.id },
  )
  watch(move, 'seal', 'within')
  return site.store.transact(() => {
    const { plan } = getTransfer(site, move.id)
    const set = { heartbeat: beatNow(), plan: { ...plan, frozen } }
    const sealed = advanceTransfer(site, move.id, { from: 'COPYING', to: 'SEALED', set })
    const account = accountOf(site, sealed)
    return {
      record: readAccountRecord(site, account),
      application: readApplicationRecord(site.store, account),
      endowments: listEndowments(site, account.storeID),
      revision: sealed.revision,
    }
  })
}

/** The commit point. Returns false where somebody has decided to abort. */
export function commit(move: Move, revision: number): boolean {
  const site = sourceOf(move)
  return site.store.transact(() => {
    const { state } = expectTransfer(site, move.id, ['SEALED', 'DECIDED'])
    const decision = decideTransfer(site, move.id, 'commit', { revision })
    if (decision === 'commit' && state === 'SEALED') advanceTransfer(site, move.id, { from: 'SEALED', to: 'DECIDED' })
    return decision === 'commit'
  })
}

/** Decides that the user stays, unless the commit was quicker. Returns what is in force. Anyone may call it. */
export function abort(move: Move, reason: string): 'commit' | 'abort' {
  const site = sourceOf(move)
  return site.store.transact(() => {
    const decision = decideTransfer(site, move.id, 'abort')
    const { state } = getTransfer(site, move.id)
    if (decision !== 'abort') return 'commit'
    if (state === 'PLANNED' || state === 'COPYING' || state === 'SEALED')
      advanceTransfer(site, move.id, { from: state, to: 'DECIDED', set: { error: reason } })
    return 'abort'
  })
}
