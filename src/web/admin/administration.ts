/**
 * Administration on the web: pages below `/admin` for those who are administrators of this site.
 *
 * Whoever asks for a page is looked at anew, by the powerups of their store and by what the site withholds
 * (`offerings/administrative-rights`), before the request is read any further. Everybody else, a stranger, a user, an
 * administrator without the right that the page wants, gets the answer of a page that does not exist, whatever the path
 * and the method. A route that names no rights is nobody's.
 *
 * The pages do what verbs of the command line do, by the same deeds, and every change is recorded in the audit log with
 * the administrator's address and where they came from. No page opens more stores than the one it is about. Left to the
 * command line are the acts that take files along or that cannot be undone: removing, moving, exporting and importing
 * users, passwords of others, and saying who is an administrator; whoever takes over a browser gets none of these.
 */
import type { FastifyInstance } from 'fastify'
import type { AdministrativeRight } from '../../offerings/administrator.js'
import { notFound } from '../refusal.js'
import { administrationLinks, refuseStrangers } from './administrator.js'
import { registerAudit } from './audit/audit-page.js'
import { registerEvents } from './events/events-page.js'
import { registerOfferings } from './offerings/offerings-page.js'
import { registerOverview } from './overview/overview-page.js'
import { registerPorts } from './ports/ports-page.js'
import { registerProducts } from './products/products-page.js'
import { registerSessions } from './sessions/sessions-page.js'
import { registerShares } from './shares/shares-page.js'
import { registerUsers } from './users/users-page.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Any of these lets an administrator ask for it; an empty list is for all administrators. */
    rights?: readonly AdministrativeRight[]
  }
}

const PARTS = [
  registerOverview,
  registerUsers,
  registerOfferings,
  registerProducts,
  registerPorts,
  registerSessions,
  registerShares,
  registerEvents,
  registerAudit,
]

export async function registerAdministration(app: FastifyInstance): Promise<void> {
  app.web.addNavigation(administrationLinks)
  await app.register(
    async scope => {
      scope.addHook('onRequest', refuseStrangers)
      for (const part of PARTS) part(scope, app)
      // What is not there is answered here, so that it is answered as early as what somebody may not see.
      scope.route({
        method: ['GET', 'POST'],
        url: '/*',
        config: { rights: [] },
        handler: async () => Promise.reject(notFound()),
      })
    },
    { prefix: '/admin' },
  )
}
