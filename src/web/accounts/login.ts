import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { TooManyAttemptsError } from '../../accounts/attempts/login-attempts.js'
import { LoginQueueFullError, UnauthorizedLoginError } from '../../accounts/errors.js'
import { endSession } from '../../accounts/sessions/end-sessions.js'
import { LIFETIMES } from '../../accounts/sessions/persistent-session.js'
import type { FormFields } from '../../sharing/pages/page.js'
import { formFieldsOf, formGuards } from '../forms.js'
import { redirectWithNotice } from '../notices.js'
import { sendPage } from '../send-page.js'
import { sitePath } from '../site-path.js'
import { giveSessionCookie, takeSessionCookie, viewerOf } from '../viewer.js'
import { giveBrowserMark, readBrowserMark } from './browser-cookie.js'
import { logIn } from './log-in.js'
import { loginPage } from './login-page.js'
import { secureLoginPage } from './secure-login.js'

/** Where somebody is sent who has logged in and has not said where to. */
const HOME = '/private/'

/** Coming and going: `/login` and `/logout`. */
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
    const made = await logIn(request, { name: nameIn(fields), password: fields.text('password'), kind, mark })
    giveSessionCookie(reply, made.token, kind === 'remembered' ? Number(LIFETIMES[kind] / 1_000_000n) : undefined)
    giveBrowserMark(reply, made.mark)
    countLogins(request, 'succeeded')
    return redirectWithNotice(reply, sitePath(fields.text('next')) ?? HOME)
  } catch (error) {
    return refuse(reply, fields, error)
  }
}

/** @throws what is no refusal. */
function refuse(reply: FastifyReply, fields: FormFields, error: unknown): FastifyReply {
  const [status, outcome, failure] = refusalOf(error)
  countLogins(reply.request, outcome)
  if (error instanceof TooManyAttemptsError) reply.header('retry-after', String(error.seconds))
  if (error instanceof LoginQueueFullError) reply.header('retry-after', '10')
  const next = sitePath(fields.text('next'))
  const form = { name: nameIn(fields), remember: fields.has('remember'), next, failure }
  return sendPage(reply, loginPage(reply, form), { status })
}

function refusalOf(error: unknown): readonly [number, string, string] {
  if (error instanceof UnauthorizedLoginError) return [403, 'failed', 'Wrong address or password.']
  if (error instanceof TooManyAttemptsError) {
    const { seconds } = error
    const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
    return [429, 'limited', `That was too often. Try again in ${wait}.`]
  }
  if (error instanceof LoginQueueFullError)
    return [503, 'queue_full', 'Too many people are logging in just now. Try again in a few seconds.']
  throw error
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
