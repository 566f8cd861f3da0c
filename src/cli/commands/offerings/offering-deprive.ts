import type { Command } from 'commander'
import { type Address, parseExistingAddress } from '../../../base/address.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { changing } from '../../verb-kinds.js'
import { changeEndowment, type EndowmentOptions } from './change-endowment.js'
import { type EndowmentOutcome, namesIn } from './endowment-view.js'
import { type PowerupOperand, parsePowerup } from './powerup-operand.js'

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

export function runOfferingDeprive(options: EndowmentOptions, context: CommandContext): Promise<void> {
  return changeEndowment(options, context, { load: loadDeed, sentenceFor })
}

async function loadDeed(dryRun: boolean) {
  const { deprive, planDeprivation } = await import('../../../offerings/deprive.js')
  return dryRun ? planDeprivation : deprive
}

function sentenceFor(outcome: EndowmentOutcome): string {
  const { address } = outcome
  const names = namesIn(outcome)
  if (outcome.status === 'already') return `${address} already lacks ${names}`
  return outcome.status === 'planned'
    ? `would deprive ${address} of ${names}`
    : `deprived ${address} of ${names}; their data stays`
}
