import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { UnauthorizedLoginError } from '../../accounts/errors.js'
import { endSession, endSessionsOf } from '../../accounts/sessions/end-sessions.js'
import { sessionsOf } from '../../accounts/sessions/list-sessions.js'
import type { FormFields } from '../../sharing/pages/page.js'
import { formFieldsOf, formGuards } from '../forms.js'
import { redirectWithNotice } from '../notices.js'
import { sendPage } from '../send-page.js'
import { type Member, memberOf } from '../viewer.js'
import { ACCOUNT_PATH, accountPage } from './account-page.js'
import { changePassword } from './change-password.js'
import { refusalOf } from './login-refusals.js'
import { giveSession } from './session-cookies.js'

/** A person's own account: its password and its sessions. */
export function registerOwnAccount(app: FastifyInstance): void {
  app.get(ACCOUNT_PATH, (request, reply) => sendPage(reply, accountPage(reply, memberOf(request))))
  app.post(`${ACCOUNT_PATH}/password`, formGuards(app), takePassword)
  app.post(`${ACCOUNT_PATH}/sessions/end`, formGuards(app), takeEnd)
  app.post(`${ACCOUNT_PATH}/sessions/end-others`, formGuards(app), takeEndOfOthers)
}

const SHORTEST = 8
const LONGEST = 1000

async function takePassword(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const viewer = memberOf(request)
  const fields = formFieldsOf(request)
  const fault = faultOf(fields)
  if (fault !== undefined) return sendPage(reply, accountPage(reply, viewer, fault), { status: 400 })
  try {
    const passwords = { current: fields.text('current'), next: fields.text('new') }
    giveSession(reply, await changePassword(request, viewer, passwords))
    return redirectWithNotice(reply, ACCOUNT_PATH, 'The password is changed.')
  } catch (error) {
    return refusePassword(reply, viewer, error)
  }
}

/** @throws what is no refusal. */
function refusePassword(reply: FastifyReply, viewer: Member, error: unknown): FastifyReply {
  const { status, sentence, seconds } = refusalOf(error)
  if (seconds !== undefined) reply.header('retry-after', String(seconds))
  const said = error instanceof UnauthorizedLoginError ? 'The current password is another one.' : sentence
  return sendPage(reply, accountPage(reply, viewer, said), { status })
}

function faultOf(fields: FormFields): string | undefined {
  const next = fields.text('new')
  if ([...next].length < SHORTEST) return `A password has at least ${SHORTEST} characters.`
  if (next.length > LONGEST) return `A password has at most ${LONGEST} characters.`
  return next === fields.text('again') ? undefined : 'The new passwords are not the same.'
}

async function takeEnd(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { account } = memberOf(request)
  const { host } = request.server.web
  const sessionId = Number(formFieldsOf(request).text('session'))
  const isOwn = sessionsOf(host.site.store, account.storeID).some(({ storeID }) => storeID === sessionId)
  if (isOwn) await host.patiently(() => endSession(host.site, sessionId))
  return redirectWithNotice(reply, ACCOUNT_PATH, 'That session has ended.')
}

async function takeEndOfOthers(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { account, sessionId } = memberOf(request)
  const { host } = request.server.web
  await host.patiently(() => endSessionsOf(host.site.store, account, sessionId))
  return redirectWithNotice(reply, ACCOUNT_PATH, 'All other sessions have ended.')
}
