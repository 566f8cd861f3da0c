import type { LoginAccount } from '../../../accounts/login-account.js'
import { type Address, formatAddress } from '../../../base/address.js'
import type { Offering } from '../../../offerings/offering.js'
import type { PowerupChange } from '../../../offerings/powerup-deed.js'
import type { Site } from '../../../site/site.js'
import { audited } from '../../audited.js'
import type { CommandContext } from '../../command-context.js'
import { openSiteFor } from '../../open-site.js'
import { type EndowmentOutcome, endowmentView, outcomeOf } from './endowment-view.js'
import type { PowerupOperand } from './powerup-operand.js'

/** What `offering endow` and `offering deprive` take. */
export interface EndowmentOptions {
  readonly address: Address
  readonly what: PowerupOperand
}

type PowerupDeed = (site: Site, account: LoginAccount, offering: Offering, powerup?: string) => readonly PowerupChange[]

/** What the two verbs differ in. */
export interface EndowmentChange {
  /** Loads the deed, or for a dry run its plan. */
  readonly load: (dryRun: boolean) => Promise<PowerupDeed>
  readonly sentenceFor: (outcome: EndowmentOutcome) => string
}

/** Gives a person powerups of an offering or takes them away, records it, and prints what came of it. */
export async function changeEndowment(
  options: EndowmentOptions,
  context: CommandContext,
  { load, sentenceFor }: EndowmentChange,
): Promise<void> {
  using site = await openSiteFor(context, { write: true })
  const outcome = await audited(
    context,
    site,
    async () => act(site, options, context, await load(context.options.dryRun)),
    each => each.status,
  )
  await context.printer.outcome(endowmentView, outcome, sentenceFor(outcome))
}

async function act(
  site: Site,
  { address, what }: EndowmentOptions,
  context: CommandContext,
  deed: PowerupDeed,
): Promise<EndowmentOutcome> {
  const { getAccountByAddress } = await import('../../../accounts/find-account.js')
  const { methodsOf } = await import('../../../accounts/account-rows.js')
  const { loadOffering } = await import('../../../offerings/load-offering.js')
  const account = getAccountByAddress(site, address)
  const offering = await loadOffering(what.offering, site)
  const stored = methodsOf(site.store, account)[0]?.address ?? formatAddress(address)
  return outcomeOf(context, stored, offering.name, deed(site, account, offering, what.powerup))
}
