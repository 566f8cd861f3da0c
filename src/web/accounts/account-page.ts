import type { FastifyReply } from 'fastify'
import { methodsOf } from '../../accounts/account-rows.js'
import { listSessions, type SessionFacts } from '../../accounts/sessions/list-sessions.js'
import { type Html, html } from '../../base/html.js'
import type { ShownPage } from '../../sharing/pages/page.js'
import { shownMoment } from '../../sharing/pages/shown-moment.js'
import { csrfForm } from '../forms.js'
import type { Member } from '../viewer.js'

export const ACCOUNT_PATH = '/private/account'

/** What somebody can see and change of their own account. `failure` is why the password was not changed. */
export function accountPage(reply: FastifyReply, viewer: Member, failure?: string): ShownPage {
  const { site } = reply.request.server.web.host
  const addresses = new Set(methodsOf(site.store, viewer.account).map(method => method.address))
  const sessions = listSessions(site, { accountId: viewer.account.storeID })
  const body = html`
<section class="card"><h2>Addresses</h2>
<p>You can log in with any of these.</p>
<ul>${[...addresses].map(address => html`<li>${address}</li>`)}</ul></section>
<section class="card"><h2 id="password">Password</h2>
${failure === undefined ? null : html`<p class="alert" role="alert">${failure}</p>`}
${csrfForm(reply, `${ACCOUNT_PATH}/password`, passwordFields(viewer.address))}</section>
<section class="card"><h2>Sessions</h2>
<p>Where you are logged in just now.</p>
${sessionTable(reply, viewer, sessions)}
${sessions.length < 2 ? null : csrfForm(reply, `${ACCOUNT_PATH}/sessions/end-others`, html`<button type="submit" class="second">End all others</button>`)}</section>`
  return { title: 'Your account', body }
}

/** The name stands in a hidden field so that programs that keep passwords know whose it is. */
function passwordFields(address: string): Html {
  return html`<input type="hidden" name="username" value="${address}" autocomplete="username">
<p class="field"><label for="current">Current password</label>
<input id="current" name="current" type="password" autocomplete="current-password" required></p>
<p class="field"><label for="new">New password</label>
<input id="new" name="new" type="password" autocomplete="new-password" minlength="8" required aria-describedby="new-hint">
<span class="hint" id="new-hint">At least 8 characters. It ends your other sessions.</span></p>
<p class="field"><label for="again">New password, once more</label>
<input id="again" name="again" type="password" autocomplete="new-password" minlength="8" required></p>
<button type="submit">Change the password</button>`
}

function sessionTable(reply: FastifyReply, viewer: Member, sessions: readonly SessionFacts[]): Html {
  const rows = sessions.map(session => {
    const isThis = session.sessionId === viewer.sessionId
    const fields = html`<input type="hidden" name="session" value="${session.sessionId}">
<button type="submit" class="plain">End</button>`
    return html`<tr><td data-label="Kind">${session.kind === 'remembered' ? 'Stays logged in' : 'Until the browser is closed'}</td>
<td data-label="Last used">${shownMoment(session.lastUsed)}</td>
<td>${isThis ? 'This one' : csrfForm(reply, `${ACCOUNT_PATH}/sessions/end`, fields)}</td></tr>`
  })
  return html`<table class="cards"><thead><tr><th>Kind</th><th>Last used</th><th><span class="hidden">Action</span></th></tr></thead>
<tbody>${rows}</tbody></table>`
}
