import { IntegrityError, NotFoundError } from '../../../base/errors.js'
import type { Site } from '../../../site/site.js'
import type { Finding } from '../../../upkeep/check/finding.js'
import { type CommandContext, note } from '../../command-context.js'
import { confirmYes } from '../../confirmation.js'
import { counted } from '../../counted.js'
import { openSiteFor } from '../../open-site.js'
import type { ToldFinding } from './finding-view.js'

export interface RepairPlan {
  /** As a dry run tells them. */
  readonly rows: readonly ToldFinding[]
  readonly repairable: readonly Finding[]
}

export function planRepairs(findings: readonly Finding[]): RepairPlan {
  const repairable = findings.filter(({ repair }) => repair !== undefined)
  const rows = findings.map(finding => ({
    ...finding,
    status: finding.repair === undefined ? ('found' as const) : ('planned' as const),
  }))
  return { rows, repairable }
}

/**
 * Shows what will be done, asks, and does it as the rows are read; then come those of a second check.
 *
 * @throws InvalidInputError (`INPUT_NEEDED`, `NOT_CONFIRMED`) before anything is done.
 */
export async function repairAll(
  { repairable }: RepairPlan,
  context: CommandContext,
  checkAgain: () => AsyncIterable<ToldFinding>,
): Promise<AsyncIterable<ToldFinding>> {
  for (const { store, code, message, repair } of repairable)
    await note(context, `${store}: ${code}: ${message}: ${repair}`)
  await confirmYes(context, `do these ${counted(repairable.length, 'repair')}?`)
  return outcomes(repairable, context, checkAgain)
}

async function* outcomes(
  repairable: readonly Finding[],
  context: CommandContext,
  checkAgain: () => AsyncIterable<ToldFinding>,
): AsyncGenerator<ToldFinding> {
  yield* repairs(repairable, context)
  yield* checkAgain()
}

async function* repairs(repairable: readonly Finding[], context: CommandContext): AsyncGenerator<ToldFinding> {
  using site = await openForRepair(context)
  if (site === undefined) return
  const { repair } = await import('../../../upkeep/check/repair.js')
  for (const finding of repairable) {
    const { status, reason } = repair(site, finding)
    if (reason !== null) await note(context, `${finding.store}: ${finding.code} was not repaired: ${reason}`)
    if (status !== 'gone') yield { ...finding, status: status === 'done' ? 'repaired' : 'skipped' }
  }
}

/** Undefined where the site's own database cannot be opened for writing: it comes first, by hand. */
async function openForRepair(context: CommandContext): Promise<Site | undefined> {
  try {
    return await openSiteFor(context, { write: true, leaveTransfers: true })
  } catch (error) {
    if (!(error instanceof IntegrityError || error instanceof NotFoundError)) throw error
    await note(context, `nothing was repaired, since the site itself cannot be written: ${error.message}`)
    return undefined
  }
}
