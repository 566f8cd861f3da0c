import { type Command, Option } from 'commander'
import { InvalidInputError } from '../../../base/errors.js'
import type { NewPort } from '../../../offerings/ports/create-port.js'
import type { Site } from '../../../site/site.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { lastNodeNews } from '../../tell-node.js'
import { changing } from '../../verb-kinds.js'
import { type CreatedPort, createdPortView } from './changed-ports-view.js'

export interface PortCreateOptions {
  readonly endpoint?: string
  readonly factory?: string
  /** As the original calls the two. */
  readonly strport?: string
  readonly factoryIdentifier?: string
}

const ENDPOINTS = `An endpoint is written as Twisted does it: tcp:8080 (all addresses), tcp:8080:interface=127.0.0.1, tcp6:8080,
ssl:8443 (with the site's certificate), ssl:8443:privateKey=key.pem:certKey=certificate.pem, unix:/run/site.sock:mode=660.
A colon or an equals sign that means nothing has a backslash in front.`

export function portCreateCommand(group: Command, env: CliEnv, run = runPortCreate): Command {
  return changing(group.command('create'))
    .summary('make a port')
    .description('Make a port. A node that runs listens there at once.')
    .argument('[endpoint]', 'where to listen')
    .option('--factory <id or name>', 'what speaks there (default: the web server of the site)')
    .addOption(new Option('--strport <endpoint>').hideHelp())
    .addOption(new Option('--factory-identifier <id>').hideHelp())
    .addHelpText('after', remarks(ENDPOINTS))
    .addHelpText('after', examples('port create tcp:8081', 'port create tcp:8081:interface=127.0.0.1 --factory web'))
    .action((endpoint: string | undefined, flags: PortCreateOptions, command: Command) =>
      run({ ...(endpoint === undefined ? {} : { endpoint }), ...flags }, contextFor(env, command)),
    )
}

export async function runPortCreate(options: PortCreateOptions, context: CommandContext): Promise<void> {
  const wanted = wantedPort(options, context)
  using site = await openSiteFor(context, { write: true })
  const made = await audited(context, site, () => (context.options.dryRun ? plan(site, wanted) : create(site, wanted)))
  const sentence = made.storeID === null ? `would create ${made.endpoint}` : 'Created.'
  await context.printer.outcome(createdPortView, { ...made, ...inNode(made, context) }, sentence)
}

type StoredPort = Omit<CreatedPort, 'listening' | 'failure'>

/** What became of the port in the node that runs; a person has been told already. */
function inNode({ storeID }: StoredPort, context: CommandContext): Pick<CreatedPort, 'listening' | 'failure'> {
  const { started = [], failed = [] } = lastNodeNews(context) ?? {}
  const state = [...started, ...failed].find(each => each.id === storeID && each.store === '')
  return { listening: state?.address ?? null, failure: state?.failure ?? null }
}

function wantedPort(options: PortCreateOptions, { env }: CommandContext): NewPort {
  const endpoint = options.endpoint ?? options.strport
  const factory = options.factory ?? options.factoryIdentifier ?? 'web'
  if (endpoint !== undefined) return { endpoint, factory, from: env.currentDirectory }
  throw new InvalidInputError('port create needs an endpoint', { code: 'USAGE', hint: 'mantissa port create tcp:8081' })
}

async function plan(site: Site, wanted: NewPort): Promise<StoredPort> {
  const { planPort } = await import('../../../offerings/ports/create-port.js')
  const { endpoint, factory } = planPort(site.store, wanted)
  return { status: 'planned', endpoint, storeID: null, factory: factory.storeID, factoryType: factory.typeName }
}

async function create(site: Site, wanted: NewPort): Promise<StoredPort> {
  const { createPort } = await import('../../../offerings/ports/create-port.js')
  const { loadInstalledOfferings } = await import('../../../offerings/load-installed-offerings.js')
  const { describePort } = await import('../../../offerings/ports/describe-ports.js')
  await loadInstalledOfferings(site)
  const { storeID, endpoint, factory } = describePort(site.store, createPort(site.store, wanted))
  return {
    status: 'done',
    endpoint: endpoint ?? '',
    storeID,
    factory: factory?.storeID ?? 0,
    factoryType: factory?.typeName ?? null,
  }
}
