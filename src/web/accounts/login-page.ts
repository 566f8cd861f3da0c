import type { FastifyReply } from 'fastify'
import { html } from '../../base/html.js'
import type { ShownPage } from '../../sharing/pages/page.js'
import { csrfForm } from '../forms.js'

export interface LoginForm {
  readonly name: string
  readonly remember: boolean
  /** A path of this site that is shown afterwards. */
  readonly next: string | undefined
  /** Why it has not worked. */
  readonly failure?: string
}

export function loginPage(reply: FastifyReply, { name, remember, next, failure }: LoginForm): ShownPage {
  const fields = html`
${failure === undefined ? null : html`<p class="alert" role="alert">${failure}</p>`}
${next === undefined ? null : html`<input type="hidden" name="next" value="${next}">`}
<p class="field"><label for="name">Address</label>
<input id="name" name="name" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" required${autofocus(name === '')}></p>
<p class="field"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${autofocus(name !== '')}></p>
<p class="field"><label><input type="checkbox" name="remember" value="yes"${remember ? html` checked` : null}> Stay logged in for two weeks</label></p>
<button type="submit">Log in</button>`
  return { title: 'Log in', body: html`<div class="card narrow">${csrfForm(reply, '/login', fields)}</div>` }
}

function autofocus(wanted: boolean) {
  return wanted ? html` autofocus` : null
}
