import type { Site } from '../../site/site.js'
import { takeStep, UNOBSERVED } from '../protocol/move.js'
import type { StepObserver } from '../protocol/protocol.js'
import { purge } from '../steps/purge.js'
import type { Purgeable } from './plan-purge.js'

/**
 * Deletes one old store; its transfer is `PURGED` then, and stays in the journal.
 *
 * @throws NotPurgeableError for one that may not go; nothing is deleted.
 */
export async function purgeTransfer(
  site: Site,
  { row, refusal }: Purgeable,
  options: { readonly observe?: StepObserver } = {},
): Promise<void> {
  if (refusal !== undefined) throw refusal
  const move = { id: row.id, source: site, target: undefined, observe: options.observe ?? UNOBSERVED }
  await takeStep(move, 'purge', () => purge(move))
}
