import type { Command } from 'commander'
import { type Address, formatAddress, parseExistingAddress } from '../../../base/address.js'
import type { Site } from '../../../site/site.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { type EndowmentOutcome, endowmentView, namesIn, outcomeOf } from './endowment-view.js'
import { type PowerupOperand, parsePowerup } from './powerup-operand.js'

export interface OfferingDepriveOptions {
  readonly address: Address
  readonly what: PowerupOperand
}

export function offeringDepriveCommand(group: Command, env: CliEnv, run = runOfferingDeprive): Command {
  return changing(group.command('deprive'))
    .summary('take it away again; what it has stored stays')
    .description(
      "Uninstall an offering's powerups from a person's store. What they have stored there is kept, and is back after another endow.",
    )
    .argument('<address>', 'whose store', parseExistingAddress)
    .argument('<offering[:powerup]>', 'what, as in offering show', parsePowerup)
    .addHelpText(
      'after',
      examples(
        'offering deprive alice@example.com notes',
        'offering deprive alice@example.com notes:notebooks --dry-run',
      ),
    )
    .action((address: Address, what: PowerupOperand, _flags: unknown, command: Command) =>
      run({ address, what }, contextFor(env, command)),
    )
}

export async function runOfferingDeprive(options: OfferingDepriveOptions, context: CommandContext): Promise<void> {
  using site = await openSiteFor(context, { write: true })
  const outcome = await audited(
    context,
    site,
    () => deprive(site, options, context),
    each => each.status,
  )
  await context.printer.outcome(endowmentView, outcome, sentenceFor(outcome))
}

async function deprive(
  site: Site,
  { address, what }: OfferingDepriveOptions,
  context: CommandContext,
): Promise<EndowmentOutcome> {
  const { getAccountByAddress } = await import('../../../accounts/find-account.js')
  const { methodsOf } = await import('../../../accounts/account-rows.js')
  const account = getAccountByAddress(site, address)
  const { loadOffering } = await import('../../../offerings/load-offering.js')
  const deeds = await import('../../../offerings/deprive.js')
  const offering = await loadOffering(what.offering, site)
  const act = context.options.dryRun ? deeds.planDeprivation : deeds.deprive
  const stored = methodsOf(site.store, account)[0]?.address ?? formatAddress(address)
  return outcomeOf(context, stored, offering.name, act(site, account, offering, what.powerup))
}

function sentenceFor(outcome: EndowmentOutcome): string {
  const { address } = outcome
  const names = namesIn(outcome)
  if (outcome.status === 'already') return `${address} already lacks ${names}`
  return outcome.status === 'planned'
    ? `would deprive ${address} of ${names}`
    : `deprived ${address} of ${names}; their data stays`
}
