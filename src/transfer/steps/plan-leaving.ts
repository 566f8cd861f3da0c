import type { Address } from '../../base/address.js'
import { formatAddress } from '../../base/address.js'
import type { JsonObject } from '../../base/json.js'
import { ensureFence } from '../../site/fence.js'
import { insertTransfer } from '../../site/transfers-journal.js'
import type { Fence } from '../../store-engine/database/write-fence.js'
import { planOfApplication } from '../applications/application-steps.js'
import type { UserStoreFacts } from '../copying/describe-store.js'
import { openCarried } from '../copying/open-carried.js'
import { siteIdOf } from '../places.js'
import { FREEZE_LIMIT_MS } from '../protocol/coordinator-life.js'
import { beatNow } from '../protocol/heartbeat.js'
import { type Move, sourceOf, watch } from '../protocol/move.js'
import { assertStillThere } from './leaving-account.js'

export interface Leaving {
  /** Null for an export. */
  readonly otherSiteId: string | null
  readonly toPath: string | null
  readonly freezeLimitMs: number | undefined
  /** What else the journal is to keep. */
  readonly plan?: JsonObject
}

/** Which store it is, how often it has changed hands, and how often it was taken in from an archive. */
export type StoreIdentity = Pick<Fence, 'storeId' | 'epoch' | 'incarnation'>

/**
 * Begins a transfer in the journal of the source; a store that has no name of its own gets one.
 *
 * @throws AccountChangedError, TransferOpenError: nothing was begun.
 */
export function planLeaving(move: Move, facts: UserStoreFacts, leaving: Leaving): StoreIdentity {
  const site = sourceOf(move)
  assertStillThere(site, facts)
  const { storeId, epoch, incarnation } = nameStore(facts.directory, siteIdOf(site))
  watch(move, 'plan', 'within')
  const { otherSiteId, toPath, freezeLimitMs = FREEZE_LIMIT_MS } = leaving
  const { account, addresses, storepath, application } = facts
  const known = { storepath, addresses: addresses.map(formatAddress), ...planOfApplication(application) }
  site.store.transact(() => {
    assertStillThere(site, facts)
    insertTransfer(site, {
      ...{ id: move.id, role: 'source', state: 'PLANNED', storeId, accountId: account.storeID },
      ...{ address: addresses[0] as Address, otherSiteId, fromPath: site.directory, toPath },
      ...{ fromEpoch: epoch, toEpoch: epoch + 1, heartbeat: beatNow() },
      plan: { ...leaving.plan, ...known, freezeLimitMs },
    })
  })
  return { storeId, epoch, incarnation }
}

function nameStore(directory: string, owner: string): StoreIdentity {
  using store = openCarried(directory)
  return ensureFence(store, owner)
}
