import type { FastifyInstance } from 'fastify'
import { endSession } from '../../../accounts/sessions/end-sessions.js'
import { listSessions, type SessionFacts } from '../../../accounts/sessions/list-sessions.js'
import { html } from '../../../base/html.js'
import { administer } from '../administer.js'
import { button, hidden } from '../form-parts.js'
import { numberIn, pager, type TableColumn, tableOf, timeOf } from '../table.js'
import { actAt, showAt, type Visit } from '../visit.js'

const PAGE = 50

/** Who is logged in, and ending single sessions. */
export function registerSessions(scope: FastifyInstance): void {
  showAt(scope, { path: '/sessions', rights: ['users'] }, visit => {
    const sessions = listSessions(visit.site, { after: numberIn(visit.query.get('after')) ?? 0, limit: PAGE + 1 })
    const shown = sessions.slice(0, PAGE)
    const after = sessions.length > PAGE ? shown.at(-1)?.sessionId : undefined
    const body = html`<p class="quiet">Sessions that are good now, in the order in which they began; times are UTC. All of one user are ended on
the user's page.</p>
${sessionTable(visit, shown)}${pager({ path: '/admin/sessions', kept: {}, after })}`
    return { title: 'Sessions', body }
  })
  actAt(scope, { path: '/sessions/:id/end', rights: ['users'] }, async visit => {
    const id = numberIn(visit.param('id')) ?? 0
    const act = { verb: 'end-session', args: { session: id } }
    const ended = await administer(
      visit,
      act,
      () => endSession(visit.site, id),
      done => (done ? 'done' : 'already'),
    )
    const account = numberIn(visit.fields.text('user'))
    const goTo = account === undefined ? '/admin/sessions' : `/admin/users/${account}`
    return { goTo, notice: ended ? 'The session is ended.' : 'The session had ended already.' }
  })
}

/** The sessions, each with the button that ends it. */
export function sessionTable(visit: Visit, sessions: readonly SessionFacts[], user?: number) {
  const { sessionId: own } = visit.administrator.member
  const columns: readonly TableColumn<SessionFacts>[] = [
    { heading: 'User', cell: ({ accountId, address }) => html`<a href="/admin/users/${accountId}">${address}</a>` },
    {
      heading: 'Kind',
      cell: ({ kind }) => (kind === 'remembered' ? 'kept for two weeks' : 'until the browser closes'),
    },
    { heading: 'Last used', cell: ({ lastUsed }) => timeOf(lastUsed.toIso()) },
    { heading: 'End', cell: ({ sessionId }) => (sessionId === own ? 'this one' : endForm(visit, sessionId, user)) },
  ]
  return tableOf({ caption: 'Sessions', columns, rows: sessions, empty: 'Nobody is logged in.' })
}

function endForm(visit: Visit, sessionId: number, user: number | undefined) {
  const fields = html`${user === undefined ? null : hidden('user', String(user))}${button('End', 'second')}`
  return visit.form(`/admin/sessions/${sessionId}/end`, fields)
}
