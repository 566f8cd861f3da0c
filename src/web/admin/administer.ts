import { MantissaError } from '../../base/errors.js'
import type { JsonObject } from '../../base/json.js'
import { recordAudit } from '../../site/audit.js'
import type { Visit } from './visit.js'

/** What the audit log says of an act: the verb that does the same, and what was given to it; never a secret. */
export interface Act {
  readonly verb: string
  readonly args: JsonObject
}

/**
 * Does a deed that changes the site, patiently, and records who did it and how it ended, failures as well.
 *
 * @param resultOf - what the record says of a deed that ended well: `done`, or `already` where nothing was left to do.
 */
export async function administer<T>(
  visit: Visit,
  act: Act,
  deed: () => T,
  resultOf: (result: T) => 'done' | 'already' = () => 'done',
): Promise<T> {
  return await administerSlowly(visit, act, () => visit.host.patiently(deed), resultOf)
}

/** The same for a deed that waits for something else than a store, and may not be begun twice. */
export async function administerSlowly<T>(
  visit: Visit,
  act: Act,
  deed: () => Promise<T>,
  resultOf: (result: T) => 'done' | 'already' = () => 'done',
): Promise<T> {
  const result = await deed().catch(async (error: unknown) => {
    await record(visit, act, error instanceof MantissaError ? error.code : 'UNEXPECTED')
    throw error
  })
  await record(visit, act, resultOf(result))
  return result
}

async function record({ host, site, administrator }: Visit, act: Act, result: string): Promise<void> {
  await host.patiently(() => recordAudit(site, { ...act, result, actor: administrator.actor }))
}
