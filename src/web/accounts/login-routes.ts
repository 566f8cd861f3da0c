/**
 * Coming and going, at `/login` and `/logout`.
 *
 * `login-page` is the form and `log-in` the deed behind it: who may try is counted by `src/accounts/attempts`, who is right
 * is said by `src/accounts/authenticate`, and what the browser is recognised by afterwards is in `src/accounts/sessions`.
 * `secure-login` sends those on who would type a password in the clear; `login-refusals` says in one sentence why not, and
 * never whether a name exists. What people do with an account of their own is beside it, in `own-account`.
 *
 * Left out: signing up, and the reset of a forgotten password. An administrator does both.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { endSession } from '../../accounts/sessions/end-sessions.js'
import type { FormFields } from '../../sharing/pages/page.js'
import { formFieldsOf, formGuards } from '../forms.js'
import { redirectWithNotice } from '../notices.js'
import { sendPage } from '../send-page.js'
import { sitePath } from '../site-path.js'
import { takeSessionCookie, viewerOf } from '../viewer.js'
import { logIn } from './log-in.js'
import { loginPage } from './login-page.js'
import { refusalOf } from './login-refusals.js'
import { secureLoginPage } from './secure-login.js'
import { giveSession, readBrowserMark } from './session-cookies.js'

/** Where somebody is sent who has logged in and has not said where to. */
const HOME = '/private/'

/** The routes of logging in and out. */
export function registerLogin(app: FastifyInstance): void {
  app.get<{ Querystring: { next?: string | string[] } }>('/login', (request, reply) => {
    const next = sitePath([request.query.next].flat()[0])
    const secure = secureLoginPage(request)
    if (secure !== undefined) return reply.redirect(secure, 307)
    if (viewerOf(request).account !== null) return redirectWithNotice(reply, next ?? HOME)
    return sendPage(reply, loginPage(reply, { name: '', remember: false, next }))
  })
  app.post('/login', formGuards(app), takeLogin)
  app.post('/logout', formGuards(app), takeLogout)
}

async function takeLogin(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const secure = secureLoginPage(request)
  if (secure !== undefined) return reply.redirect(secure, 303)
  const fields = formFieldsOf(request)
  const kind = fields.text('remember') === '' ? 'browser' : 'remembered'
  try {
    const mark = readBrowserMark(request)
    giveSession(reply, await logIn(request, { name: nameIn(fields), password: fields.text('password'), kind, mark }))
    countLogins(request, 'succeeded')
    return redirectWithNotice(reply, sitePath(fields.text('next')) ?? HOME)
  } catch (error) {
    return refuse(reply, fields, error)
  }
}

/** @throws what is no refusal. */
function refuse(reply: FastifyReply, fields: FormFields, error: unknown): FastifyReply {
  const { status, outcome, sentence, seconds } = refusalOf(error)
  countLogins(reply.request, outcome)
  if (seconds !== undefined) reply.header('retry-after', String(seconds))
  const next = sitePath(fields.text('next'))
  const form = { name: nameIn(fields), remember: fields.has('remember'), next, failure: sentence }
  return sendPage(reply, loginPage(reply, form), { status })
}

async function takeLogout(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { host } = request.server.web
  const { sessionId } = viewerOf(request)
  if (sessionId !== null) await host.patiently(() => endSession(host.site, sessionId))
  takeSessionCookie(reply)
  return redirectWithNotice(reply, '/', 'You have logged out.')
}

function nameIn(fields: FormFields): string {
  return fields.text('name').trim().slice(0, 400)
}

function countLogins({ server: { web } }: FastifyRequest, outcome: string): void {
  web.host.measures.counter('mantissa_logins_total', 'Logins by outcome', ['outcome']).add({ outcome })
}
