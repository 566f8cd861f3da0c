import type { FastifyRequest } from 'fastify'
import { BusyError, MantissaError } from '../../base/errors.js'
import { administrativeRights } from '../../offerings/administrative-rights.js'
import type { AdministrativeRight } from '../../offerings/administrator.js'
import type { Actor } from '../../site/audit.js'
import { clientAddress } from '../client-address.js'
import { notFound } from '../refusal.js'
import { type Member, viewerOf, type WebViewer } from '../viewer.js'
import type { NavigationLink } from '../web.js'

/** Who has asked for a page of the administration, and may. */
export interface Administrator {
  readonly member: Member
  readonly rights: ReadonlySet<AdministrativeRight>
  /** How the audit log names them. */
  readonly actor: Actor
}

const administrators = new WeakMap<FastifyRequest, Administrator>()

/**
 * Lets nobody on who may not see the route. It comes before the body of a request is read and before its form is looked
 * at, so that nothing tells a stranger whether there is something.
 */
export async function refuseStrangers(request: FastifyRequest): Promise<void> {
  const viewer = viewerOf(request)
  if (viewer.account === null) throw notFound()
  const rights = await rightsOf(request, viewer)
  const wanted = request.routeOptions.config.rights
  const mayPass =
    wanted !== undefined && rights.size > 0 && (wanted.length === 0 || wanted.some(each => rights.has(each)))
  if (!mayPass) throw notFound()
  const actor = { uid: null, user: viewer.address, sudoUser: null, host: clientAddress(request) }
  administrators.set(request, { member: viewer, rights, actor })
}

/** Who asks; only in routes that {@link refuseStrangers} guards. */
export function administratorOf(request: FastifyRequest): Administrator {
  const administrator = administrators.get(request)
  if (administrator === undefined) throw notFound()
  return administrator
}

/** A store that cannot be read makes nobody an administrator. */
async function rightsOf(request: FastifyRequest, { account }: Member): Promise<ReadonlySet<AdministrativeRight>> {
  const { host } = request.server.web
  try {
    return await host.withUserStore(account, store => administrativeRights(host.site, account, store))
  } catch (error) {
    if (error instanceof MantissaError && !(error instanceof BusyError)) throw notFound()
    throw error
  }
}

/** What the navigation of all pages says to an administrator. */
export function administrationLinks(request: FastifyRequest, viewer: WebViewer): readonly NavigationLink[] {
  if (viewer.account === null || !isKnownAdministrator(request, viewer)) return []
  return [{ path: '/admin', text: 'Administration' }]
}

/**
 * The navigation cannot wait, so it asks whether the store can be looked at without waiting; where it is busy the link is
 * missing once, which changes nothing about what somebody may do.
 */
function isKnownAdministrator(request: FastifyRequest, { account }: Member): boolean {
  if (administrators.has(request)) return true
  const { host } = request.server.web
  let isOne = false
  host
    .withUserStore(account, store => {
      isOne = administrativeRights(host.site, account, store).size > 0
    })
    .catch((error: unknown) =>
      host.log.debug({ reason: String(error) }, 'nobody knows whether a viewer is an administrator'),
    )
  return isOne
}
