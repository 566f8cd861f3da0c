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

export interface OfferingEndowOptions {
  readonly address: Address
  readonly what: PowerupOperand
}

export function offeringEndowCommand(group: Command, env: CliEnv, run = runOfferingEndow): Command {
  return changing(group.command('endow'))
    .summary('give a person what an offering has for people')
    .description("Install an offering's powerups in a person's store: all of them, or the one named after the colon.")
    .argument('<address>', 'whose store', parseExistingAddress)
    .argument('<offering[:powerup]>', 'what, as in offering show', parsePowerup)
    .addHelpText(
      'after',
      examples('offering endow alice@example.com notes', 'offering endow alice@example.com notes:notebooks --dry-run'),
    )
    .action((address: Address, what: PowerupOperand, _flags: unknown, command: Command) =>
      run({ address, what }, contextFor(env, command)),
    )
}

export async function runOfferingEndow(options: OfferingEndowOptions, context: CommandContext): Promise<void> {
  using site = await openSiteFor(context, { write: true })
  const outcome = await audited(
    context,
    site,
    () => endow(site, options, context),
    each => each.status,
  )
  await context.printer.outcome(endowmentView, outcome, sentenceFor(outcome))
}

async function endow(
  site: Site,
  { address, what }: OfferingEndowOptions,
  context: CommandContext,
): Promise<EndowmentOutcome> {
  const { getAccountByAddress } = await import('../../../accounts/find-account.js')
  const { methodsOf } = await import('../../../accounts/account-rows.js')
  const account = getAccountByAddress(site, address)
  const { loadOffering } = await import('../../../offerings/load-offering.js')
  const deeds = await import('../../../offerings/endow.js')
  const offering = await loadOffering(what.offering, site)
  const act = context.options.dryRun ? deeds.planEndowment : deeds.endow
  const stored = methodsOf(site.store, account)[0]?.address ?? formatAddress(address)
  return outcomeOf(context, stored, offering.name, act(site, account, offering, what.powerup))
}

function sentenceFor(outcome: EndowmentOutcome): string {
  const { address } = outcome
  const names = namesIn(outcome)
  if (outcome.status === 'already') return `${address} already has ${names}`
  return outcome.status === 'planned' ? `would endow ${address} with ${names}` : `endowed ${address} with ${names}`
}
