import { PendingError } from '../../../base/errors.js'
import { listDeeds, recoverDeeds } from '../../../site/deeds.js'
import type { Repair } from './repair-kind.js'

/** Recovers, as opening for writing does, and did: the deed that is still there failed. */
export const endDeed: Repair = (site, { subject }) => {
  const find = () => listDeeds(site).find(({ id }) => id === subject?.['id'])
  if (find() !== undefined) recoverDeeds(site)
  const left = find()
  if (left === undefined) return 'done'
  throw new PendingError(`${left.kind} cannot be ended yet: ${left.error ?? 'its process lives'}`)
}
