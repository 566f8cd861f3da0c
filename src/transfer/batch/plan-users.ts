import { formatAddress } from '../../base/address.js'
import type { Site } from '../../site/site.js'
import type { PlanOptions } from '../plan-transfer.js'
import { planUserTransfer } from '../transfer-user.js'
import { isAlreadyThere } from './already-there.js'
import type { PlanOutcome } from './batch-options.js'
import { selectUsers, type UserSelection } from './select-users.js'
import { assertMovesPossible } from './transfer-users.js'

/**
 * What `transferUsers` would do for each user; changes nothing. Each is looked at by itself: whether the room at the
 * target is enough for all of them is the sum of the plans.
 *
 * @throws as `transferUsers` does, before the first.
 */
export async function* planUsers(
  source: Site,
  selection: UserSelection,
  options: PlanOptions & { readonly to: Site; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<PlanOutcome> {
  assertMovesPossible(source, options.to)
  for (const each of selectUsers(source, options.to, selection)) {
    if (options.signal?.aborted) return
    const address = formatAddress(each)
    if (isAlreadyThere(source, options.to, each)) yield { status: 'already', address }
    else {
      const plan = planUserTransfer(source, each, options)
      yield await plan.then(
        (ready): PlanOutcome => ({ status: 'planned', address: ready.address, plan: ready }),
        (error: unknown): PlanOutcome => ({ status: 'failed', address, error }),
      )
    }
  }
}
