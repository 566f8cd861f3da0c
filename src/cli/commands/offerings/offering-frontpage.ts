import type { Command } from 'commander'
import { InvalidInputError } from '../../../base/errors.js'
import type { Site } from '../../../site/site.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { type DeedStatus, statusIn } from '../../deed-status.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import type { View } from '../../view.js'

export interface FrontPageOptions {
  readonly offering?: string
  readonly none?: boolean
}

interface FrontPageOutcome {
  /** Null where it was only shown. */
  readonly status: DeedStatus | null
  /** Null for the list of all offerings. */
  readonly frontPage: string | null
}

const frontPageView: View<FrontPageOutcome> = {
  status: { title: 'status', value: row => row.status, jsonOnly: true },
  frontPage: { title: 'front page', value: row => row.frontPage, text: row => row.frontPage ?? 'all offerings' },
}

export function offeringFrontPageCommand(group: Command, env: CliEnv, run = runOfferingFrontPage): Command {
  return changing(group.command('frontpage'))
    .summary('choose what is shown at the root of the site')
    .argument('[offering]', 'the offering to show')
    .option('--none', 'show the list of all offerings')
    .addHelpText('after', remarks('Without an operand it tells which one is shown.'))
    .addHelpText('after', examples('offering frontpage notes', 'offering frontpage --none'))
    .action((offering: string | undefined, flags: FrontPageOptions, command: Command) =>
      run({ ...(offering === undefined ? {} : { offering }), ...flags }, contextFor(env, command)),
    )
}

export async function runOfferingFrontPage(options: FrontPageOptions, context: CommandContext): Promise<void> {
  const { offering, none } = options
  if (offering === undefined && none !== true) return await show(context)
  if (offering !== undefined && none === true)
    throw new InvalidInputError('--none and an offering exclude each other', {
      code: 'USAGE',
      hint: 'give one of them',
    })
  const { describeFrontPage } = await import('../../../offerings/web-settings/front-page.js')
  using site = await openSiteFor(context, { write: true })
  const changed = await audited(context, site, () => change(site, offering ?? null, context), toldOf)
  const status = statusIn(context, changed ? 'done' : 'already')
  const frontPage = status === 'planned' ? (offering ?? null) : describeFrontPage(site.store)
  await context.printer.outcome(frontPageView, { status, frontPage }, sentence(status, frontPage))
}

async function show(context: CommandContext): Promise<void> {
  const { describeFrontPage } = await import('../../../offerings/web-settings/front-page.js')
  using site = await openSiteFor(context, { write: false })
  await context.printer.record(frontPageView, { status: null, frontPage: describeFrontPage(site.store) })
}

async function change(site: Site, offering: string | null, context: CommandContext): Promise<boolean> {
  const { planFrontPage, setFrontPage } = await import('../../../offerings/web-settings/front-page.js')
  return context.options.dryRun ? planFrontPage(site, offering) : setFrontPage(site, offering)
}

function toldOf(changed: boolean): 'done' | 'already' {
  return changed ? 'done' : 'already'
}

function sentence(status: DeedStatus, frontPage: string | null): string {
  const what = frontPage ?? 'the list of all offerings'
  if (status === 'planned') return `would show ${what} at the root of the site`
  return status === 'already' ? `the root of the site shows ${what} already` : `the root of the site shows ${what}`
}
