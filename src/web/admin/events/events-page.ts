import type { FastifyInstance } from 'fastify'
import { html } from '../../../base/html.js'
import { clearSomeFailures } from '../../../upkeep/clear-failures.js'
import { administer } from '../administer.js'
import { confirmation } from '../confirmation.js'
import { button } from '../form-parts.js'
import { actAt, showAt } from '../visit.js'
import { eventTable, failureTable } from './event-tables.js'

/**
 * What the site's own store has scheduled, which for every user store is when the site looks into it next, and what of it
 * has failed. Users' own events stand on their pages: to show all of them would be to open all stores.
 */
export function registerEvents(scope: FastifyInstance): void {
  showAt(scope, { path: '/events', rights: ['users'] }, visit => {
    const { store } = visit.site
    const clear = visit.form('/admin/events/clear-failures', button('Clear the failures', 'second'))
    const body = html`<p class="quiet">Of the site's own store; times are UTC. A user's events and failures are on the user's page; those of all
stores together are told by <code>mantissa events list</code>.</p>
<h2>Failures</h2>${failureTable(store, clear)}
<h2>Scheduled next</h2>${eventTable(store)}`
    return { title: 'Events', body }
  })
  actAt(scope, { path: '/events/clear-failures', rights: ['users'] }, async visit => {
    const sentence = 'The recorded failures of the site’s own store will be gone. What is to be tried again stays.'
    const question = { title: 'Clear the failures', sentence, yes: 'Clear them', back: '/admin/events' }
    const asked = confirmation(visit, question)
    if (asked !== undefined) return asked
    const act = { verb: 'events clear-failures', args: { store: 'site' } }
    const count = await administer(
      visit,
      act,
      () => clearSomeFailures(visit.site.store),
      cleared => (cleared > 0 ? 'done' : 'already'),
    )
    return { goTo: '/admin/events', notice: `${count} failures are cleared.` }
  })
}
