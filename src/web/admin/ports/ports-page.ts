import type { FastifyInstance } from 'fastify'
import { ConflictError, InvalidInputError, NotFoundError } from '../../../base/errors.js'
import { type Html, html } from '../../../base/html.js'
import type { Reconciliation, ServiceState } from '../../../offerings/node-state.js'
import { createPort } from '../../../offerings/ports/create-port.js'
import { deletePorts, planDeletion } from '../../../offerings/ports/delete-ports.js'
import { type DescribedPort, describePorts } from '../../../offerings/ports/describe-ports.js'
import { parseEndpoint } from '../../../offerings/ports/endpoint.js'
import { listFactories } from '../../../offerings/ports/find-factory.js'
import { administer } from '../administer.js'
import { confirmation } from '../confirmation.js'
import { button, fieldOf, hidden, selectOf } from '../form-parts.js'
import { numberIn, type TableColumn, tableOf } from '../table.js'
import { type AdminPage, actAt, showAt, type Visit } from '../visit.js'

const PAGE = '/admin/ports'
/** What somebody can make good by typing something else. */
const CORRECTABLE = [InvalidInputError, ConflictError, NotFoundError]

/**
 * The ports of the site: which there are, how they do, making and deleting them. What names files of the machine, sockets
 * and certificates of one's own, is left to the command line.
 */
export function registerPorts(scope: FastifyInstance): void {
  showAt(scope, { path: '/ports', rights: ['ports'] }, visit => portsPage(visit))
  actAt(scope, { path: '/ports/create', rights: ['ports'] }, create)
  actAt(scope, { path: '/ports/delete', rights: ['ports'] }, remove)
}

function portsPage(visit: Visit, error?: string): AdminPage {
  const { site, host, localPort, fields } = visit
  const services = new Map(host.state().services.map(service => [service.id, service]))
  const runs = ({ storeID }: DescribedPort): ServiceState | undefined => services.get(storeID)
  const columns: readonly TableColumn<DescribedPort>[] = [
    { heading: 'Port', cell: ({ endpoint }) => endpoint ?? 'none yet' },
    { heading: 'For', cell: ({ factory }) => factory?.typeName ?? 'nobody' },
    { heading: 'State', cell: port => runs(port)?.condition ?? '' },
    { heading: 'Listens at', cell: port => listensAt(runs(port), localPort) },
    { heading: 'Failure', cell: port => runs(port)?.failure?.message ?? '' },
    { heading: 'Delete', cell: ({ storeID }) => (storeID === null ? '' : deleteForm(visit, storeID)) },
  ]
  const rows = describePorts(site.store)
  const choices = listFactories(site.store).map(each => ({
    value: String(each.storeID),
    label: each.typeName ?? 'gone',
  }))
  const hint = html`Such as <code>tcp:8080</code>, <code>tcp:8080:interface=127.0.0.1</code>, <code>ssl:8443</code>.`
  const form = html`${fieldOf({ name: 'endpoint', label: 'Endpoint', value: fields.text('endpoint'), hint, error, isRequired: true })}
${selectOf('factory', 'For', choices, fields.text('factory'))}${button('Create the port')}`
  const body = html`${tableOf({ caption: 'Ports', columns, rows, empty: 'There are no ports.' })}
<h2>A new port</h2>${visit.form(`${PAGE}/create`, form)}`
  return { title: 'Ports', status: error === undefined ? 200 : 400, body }
}

function listensAt(service: ServiceState | undefined, localPort: number | undefined): string {
  const address = service?.address ?? ''
  return isOwn(address, localPort) ? `${address} (you came by this one)` : address
}

function deleteForm(visit: Visit, storeID: number): Html {
  return visit.form(`${PAGE}/delete`, html`${hidden('port', String(storeID))}${button('Delete', 'second')}`)
}

async function create(visit: Visit) {
  const { site, host, fields } = visit
  const endpoint = fields.text('endpoint').trim()
  const act = { verb: 'port create', args: { strport: endpoint, 'factory-identifier': fields.text('factory') } }
  try {
    refusePaths(endpoint)
    const port = { endpoint, factory: fields.text('factory'), from: site.directory }
    await administer(visit, act, () => createPort(site.store, port).storeID)
  } catch (error) {
    if (CORRECTABLE.some(family => error instanceof family)) return portsPage(visit, `${(error as Error).message}.`)
    throw error
  }
  return { goTo: PAGE, notice: `The port ${endpoint} is made.${failuresIn(await host.reconcile())}` }
}

/** Whoever may open ports shall not thereby choose what files the node reads and writes. */
function refusePaths(text: string): void {
  const endpoint = parseEndpoint(text)
  if (endpoint.kind === 'unix' || (endpoint.kind === 'ssl' && endpoint.certificate !== null))
    throw new InvalidInputError('an endpoint that names files can be made on the command line only', {
      code: 'ENDPOINT_WITH_FILES',
      hint: 'mantissa port create --strport',
    })
}

async function remove(visit: Visit) {
  const { site, host, fields, localPort } = visit
  const storeID = numberIn(fields.text('port')) ?? 0
  const [port] = planDeletion(site.store, [storeID])
  const endpoint = port?.endpoint ?? ''
  const { services } = host.state()
  const isOwnPort = isOwn(services.find(({ id }) => id === storeID)?.address ?? '', localPort)
  const isLast = describePorts(site.store).filter(each => each.storeID !== null).length === 1
  const warning = isLast
    ? 'It is the last one: nobody can reach the site then.'
    : isOwnPort
      ? 'It is the one that you came by: you will have to come by another one.'
      : ''
  const asked = confirmation(visit, {
    title: `Delete the port ${endpoint}`,
    sentence: `Nothing will listen at ${endpoint} any more. ${warning}`,
    yes: 'Delete it',
    back: PAGE,
    kept: ['port'],
    ...(warning === '' ? {} : { typed: endpoint }),
  })
  if (asked !== undefined) return asked
  const act = { verb: 'port delete', args: { 'port-identifier': String(storeID), endpoint } }
  await administer(visit, act, () => deletePorts(site.store, [storeID]))
  const followed = host.reconcile()
  // Closing the port that this very request came by waits for its answer.
  if (isOwnPort) followed.catch((err: unknown) => host.log.error({ err }, 'a port that was deleted did not close'))
  return { goTo: PAGE, notice: `The port ${endpoint} is deleted.${isOwnPort ? '' : failuresIn(await followed)}` }
}

function failuresIn({ newlyFailed }: Reconciliation): string {
  return newlyFailed.map(({ name, failure }) => ` ${name} does not run: ${failure?.message}.`).join('')
}

/** Whether an address (`127.0.0.1:8080`, `[::]:8443`) is that of the port. */
function isOwn(address: string, localPort: number | undefined): boolean {
  return localPort !== undefined && address.endsWith(`:${localPort}`)
}
