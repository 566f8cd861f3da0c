import type { Command } from 'commander'
import { type Address, parseExistingAddress } from '../../../base/address.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { changing } from '../../verb-kinds.js'
import { changeEndowment, type EndowmentOptions } from './change-endowment.js'
import { type EndowmentOutcome, namesIn } from './endowment-view.js'
import { type PowerupOperand, parsePowerup } from './powerup-operand.js'

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

export function runOfferingEndow(options: EndowmentOptions, context: CommandContext): Promise<void> {
  return changeEndowment(options, context, { load: loadDeed, sentenceFor })
}

async function loadDeed(dryRun: boolean) {
  const { endow, planEndowment } = await import('../../../offerings/endow.js')
  return dryRun ? planEndowment : endow
}

function sentenceFor(outcome: EndowmentOutcome): string {
  const { address } = outcome
  const names = namesIn(outcome)
  if (outcome.status === 'already') return `${address} already has ${names}`
  return outcome.status === 'planned' ? `would endow ${address} with ${names}` : `endowed ${address} with ${names}`
}
