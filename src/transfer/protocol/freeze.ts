/**
 * How long a user could not write. The beginning is noted with the seal and the end by whoever opens the store again, so
 * that it is measured as well where another process ends a move than the one that began it.
 */
import type { JsonObject } from '../../base/json.js'
import { bootId, monotonicMilliseconds } from '../../base/this-process.js'
import type { TransferRow } from '../../site/transfer-row.js'
import { changeTransfer, getTransfer, isUnfinished } from '../../site/transfers-journal.js'
import type { Move } from './move.js'
import type { StepName } from './protocol.js'

/** To be called after a step; notes the end of the freeze where the step was it. */
export function noteThawed({ id, source }: Move, step: StepName): void {
  if (source === undefined || !isEndOfFreeze(step)) return
  source.store.transact(() => {
    if (!isUnfinished(source, id)) return
    const { plan, toPath } = getTransfer(source, id)
    if (plan['frozen'] === undefined || plan['freezeMs'] !== undefined || (step === 'hand-over' && toPath !== null))
      return
    changeTransfer(source, id, { plan: { ...plan, freezeMs: elapsedSince(plan['frozen'] as JsonObject) } })
  })
}

/** Null while it lasts, and where its beginning was on another boot of the machine. */
export function freezeMsOf({ plan }: TransferRow): number | null {
  return typeof plan['freezeMs'] === 'number' ? plan['freezeMs'] : null
}

/** An exported user is not frozen any more when they have left. */
function isEndOfFreeze(step: StepName): boolean {
  return step === 'activate' || step === 'unseal' || step === 'hand-over'
}

function elapsedSince(beginning: JsonObject): number | null {
  const at = beginning['monotonicMs']
  return typeof at === 'number' && beginning['bootId'] === bootId() ? monotonicMilliseconds() - at : null
}
