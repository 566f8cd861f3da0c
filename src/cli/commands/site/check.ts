import type { Command } from 'commander'
import { IntegrityError, InvalidInputError } from '../../../base/errors.js'
import type { CheckOptions } from '../../../upkeep/check/check-site.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { startProgress } from '../../progress.js'
import { resolveSite } from '../../resolve-site.js'
import { changing } from '../../verb-kinds.js'
import { findingView, type ToldFinding } from './finding-view.js'

export interface CheckVerbOptions {
  readonly address?: string
  readonly repair?: boolean
  readonly full?: boolean
  readonly jobs?: number
}

const REMARKS = `Nothing is changed without --repair. A finding is an error where something is wrong, and then the exit
code is 6; a warning hinders nothing. mantissa explain <CODE> says what each means. What needs judgement has no repair.
With --full come SQLite's whole integrity check, links below files/, and modes inside of directories that are private. Of items whose types
an offering defines, nothing is said that only its code could know.`

export function checkCommand(program: Command, env: CliEnv, run = runCheck): Command {
  return changing(program.command('check'))
    .summary('look for damage in every store of a site')
    .description('Look for damage in every store of a site, or of one user, and repair what can be repaired.')
    .argument('[address]', 'only the store of this user')
    .option('--repair', 'repair what can be repaired without a judgement, after asking')
    .option('--full', "SQLite's whole integrity check, and every file")
    .option('--jobs <n>', 'stores that are checked at a time; else as many as there are processors', parseJobs)
    .addHelpText('after', remarks(REMARKS))
    .addHelpText('after', examples('check', 'check alice@example.com --full --json', 'check --repair --dry-run'))
    .action((address: string | undefined, flags: Omit<CheckVerbOptions, 'address'>, command: Command) =>
      run({ ...flags, ...(address === undefined ? {} : { address }) }, contextFor(env, command)),
    )
}

/** Prints the findings. @throws SiteUnsoundError when an error is among those that are left. */
export async function runCheck(options: CheckVerbOptions, context: CommandContext): Promise<void> {
  if (context.options.dryRun && options.repair !== true) {
    throw new InvalidInputError('check changes nothing without --repair, so it has no --dry-run', {
      hint: 'leave --dry-run out, or give --repair too',
    })
  }
  const directory = await resolveSite(context)
  const check = { directory, options: await checkOptions(directory, options, context) }
  const tally: Tally = { error: 0, warning: 0, repairable: 0 }
  const rows = options.repair === true ? await repairing(check, tally, context) : found(check, tally, context)
  await context.printer.list(findingView, rows, { empty: `nothing is wrong with ${directory}` })
  if (tally.error > 0) throw new SiteUnsoundError(directory, tally)
}

/** Of what is left. */
interface Tally {
  error: number
  warning: number
  repairable: number
}

interface CheckOfSite {
  readonly directory: string
  readonly options: CheckOptions
}

async function checkOptions(
  directory: string,
  { address, full, jobs }: CheckVerbOptions,
  { env }: CommandContext,
): Promise<CheckOptions> {
  const { processors } = await import('../../../base/this-process.js')
  return {
    full: full === true,
    jobs: jobs ?? (address === undefined ? Math.min(processors(), MOST_JOBS) : 0),
    now: Number(env.clock() / 1000n),
    only: address === undefined ? undefined : await storeOf(directory, address),
  }
}

/** The storeID of the user's SubStore item. */
async function storeOf(directory: string, address: string): Promise<number> {
  const { subStoreOf } = await import('../../../accounts/account-rows.js')
  const { Site } = await import('../../../site/site.js')
  const { getAccount } = await import('../users/given-account.js')
  using site = Site.open(directory, { readonly: true })
  const subStore = subStoreOf(getAccount(site, address))
  if (subStore !== undefined) return subStore.storeID
  throw new IntegrityError(`the account of ${address} has no store`, {
    code: 'ACCOUNT_WITHOUT_STORE',
    hint: 'mantissa check, without an address, looks at the site too',
  })
}

async function* found(check: CheckOfSite, tally: Tally, context: CommandContext): AsyncGenerator<ToldFinding> {
  const { checkSite } = await import('../../../upkeep/check/check-site.js')
  using bar = progressOf(context)
  const onProgress = (checked: number, total: number) => bar.reached(checked, total)
  for await (const finding of checkSite(check.directory, { ...check.options, onProgress })) {
    tally[finding.severity] += 1
    if (finding.repair !== undefined) tally.repairable += 1
    yield { ...finding, status: 'found' }
  }
}

/** Checks, asks, and gives the rows of what is then done: repairs first, and what a second check finds. */
async function repairing(
  check: CheckOfSite,
  tally: Tally,
  context: CommandContext,
): Promise<Iterable<ToldFinding> | AsyncIterable<ToldFinding>> {
  const before: ToldFinding[] = []
  const counts: Tally = { error: 0, warning: 0, repairable: 0 }
  for await (const finding of found(check, counts, context)) before.push(finding)
  const { planRepairs, repairAll } = await import('./check-repair.js')
  const plan = planRepairs(before)
  if (!context.options.dryRun && plan.repairable.length > 0)
    return await repairAll(plan, context, () => found(check, tally, context))
  Object.assign(tally, counts)
  return plan.rows
}

function progressOf(context: CommandContext) {
  let bar: ReturnType<typeof startProgress> | undefined
  return {
    reached(checked: number, total: number) {
      bar ??= startProgress(context, { label: 'checking stores', total, unit: 'items' })
      bar.reached(checked)
    },
    [Symbol.dispose]: () => bar?.[Symbol.dispose](),
  }
}

const MOST_JOBS = 8

function parseJobs(text: string): number {
  const jobs = Number(text)
  if (Number.isSafeInteger(jobs) && jobs >= 1 && jobs <= 64) return jobs
  throw new InvalidInputError(`${text} is no number of jobs`, { hint: 'give a number from 1 to 64' })
}

/** Something is wrong with the site; what it is was printed. */
class SiteUnsoundError extends IntegrityError {
  constructor(directory: string, { error, warning, repairable }: Tally) {
    super(
      `${directory} has ${error} ${error === 1 ? 'error' : 'errors'} and ${warning} ${warning === 1 ? 'warning' : 'warnings'}`,
      {
        code: 'SITE_UNSOUND',
        hint: repairable > 0 ? 'mantissa check --repair' : 'mantissa explain <CODE> says what to do about a finding',
        details: { site: directory, errors: error, warnings: warning },
      },
    )
  }
}
