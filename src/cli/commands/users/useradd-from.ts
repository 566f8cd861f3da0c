import type { AccountRequest, RequestOutcome } from '../../../accounts/create-accounts.js'
import { formatAddress } from '../../../base/address.js'
import { InvalidInputError, PartialFailureError } from '../../../base/errors.js'
import { audited } from '../../audited.js'
import { InterruptedError } from '../../cli-env.js'
import { type CommandContext, note } from '../../command-context.js'
import { openList } from '../../open-list.js'
import { openSiteFor } from '../../open-site.js'
import { startProgress } from '../../progress.js'
import { formatOfList, type ListedLine, readAccountList } from './account-list.js'
import { type ListDefaults, requestOf } from './account-request.js'
import { type CreatedAccount, createdAccountView } from './created-account-view.js'
import { flagsOf, type UseraddOptions } from './useradd-options.js'

/** Lines whose passwords are hashed beforehand, so that the processors have work while the disk is waited for. */
const AHEAD = 8

interface Tally {
  created: number
  already: number
  failed: number
}

/** Creates the accounts of a list, telling of each line. @throws PartialFailureError when some failed. */
export async function runUseraddFrom(
  options: UseraddOptions & { readonly from: string },
  context: CommandContext,
): Promise<void> {
  if (options.passwordFile !== undefined || options.generate === true) {
    throw new InvalidInputError('--from and a password option exclude each other', {
      code: 'USAGE',
      hint: 'put the passwords, or their hashes, into the list',
    })
  }
  using site = await openSiteFor(context, { write: true })
  const lines = readAccountList(
    openList(options.from, context, { code: 'ACCOUNT_LIST_MISSING' }),
    formatOfList(options.from, options.format),
  )
  const requests = mapAhead(lines, line => readRequest(line, flagsOf(options)))
  const tally: Tally = { created: 0, already: 0, failed: 0 }
  const { interruption } = context.env
  using _ = interruption.announce('stopping after the accounts under way; give the same list again to go on')
  const rules = { reuseNames: options.reuseName === true, signal: interruption.signal }
  const outcomes = context.options.dryRun
    ? (await import('../../../accounts/plan-accounts.js')).planAccounts(site, requests, rules)
    : (await import('../../../accounts/create-accounts.js')).createAccounts(site, requests, rules)
  await audited(
    context,
    site,
    () => printOutcomes(outcomes, tally, context),
    () => summaryOf(tally),
  )
  await note(context, summaryOf(tally))
  if (interruption.signal.aborted) throw new InterruptedError('stopped between two lines of the list')
  if (tally.failed > 0) throw new AccountsFailedError(tally)
}

async function printOutcomes(
  outcomes: AsyncIterable<RequestOutcome<number>>,
  tally: Tally,
  context: CommandContext,
): Promise<void> {
  using progress = startProgress(context, { label: 'creating accounts', unit: 'items' })
  const planned = context.options.dryRun
  async function* rows(): AsyncGenerator<CreatedAccount> {
    for await (const outcome of outcomes) {
      tally[outcome.status] += 1
      progress.reached(tally.created + tally.already + tally.failed)
      yield rowOf(outcome, planned)
    }
  }
  await context.printer.list(createdAccountView, rows(), { empty: 'the list is empty' })
}

function rowOf({ place, status, address, error }: RequestOutcome<number>, planned: boolean): CreatedAccount {
  return {
    status: planned && status === 'created' ? 'planned' : status,
    address: address === null ? null : formatAddress(address),
    line: place,
    code: status === 'failed' ? (error?.code ?? null) : null,
    message: status === 'failed' ? (error?.message ?? null) : null,
  }
}

async function readRequest({ line, fields }: ListedLine, defaults: ListDefaults): Promise<AccountRequest<number>> {
  const account = fields instanceof Error ? fields : await requestOf(fields, defaults)
  return { place: line, account }
}

/** Applies `work` to each element in order, some ahead of the reader. */
async function* mapAhead<A, B>(source: AsyncIterable<A>, work: (element: A) => Promise<B>): AsyncGenerator<B> {
  const begun: Promise<B>[] = []
  for await (const element of source) {
    begun.push(work(element))
    if (begun.length >= AHEAD) yield (await begun.shift()) as B
  }
  for (const result of begun) yield await result
}

function summaryOf({ created, already, failed }: Tally): string {
  return `created ${created}, already ${already}, failed ${failed}`
}

/** Some lines of the list were not created; the others are and stay. */
class AccountsFailedError extends PartialFailureError {
  constructor(tally: Tally) {
    super(`${tally.failed} of ${tally.created + tally.already + tally.failed} accounts were not created`, {
      code: 'SOME_ACCOUNTS_FAILED',
      hint: 'correct the lines that failed and give the list again',
      details: { ...tally },
    })
  }
}
