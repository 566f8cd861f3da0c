import type { FastifyReply, FastifyRequest } from 'fastify'
import type { LoginAccount } from '../accounts/login-account.js'
import { findSession, renewSession, wantsRenewal } from '../accounts/sessions/find-session.js'
import type { Viewer } from '../sharing/pages/page.js'
import { WebRefusal } from './refusal.js'
import { isSecure } from './secure.js'

/** Somebody who has not logged in. */
export interface Visitor extends Viewer {
  readonly address: null
  readonly account: null
  readonly sessionId: null
}

/** Somebody who has. */
export interface Member extends Viewer {
  /** The first address of the account. */
  readonly address: string
  readonly account: LoginAccount
  readonly sessionId: number
}

export type WebViewer = Visitor | Member

const VISITOR: Visitor = { address: null, account: null, sessionId: null }

/** A request of a stranger cannot make the plain cookie count where the page came over TLS. */
const SECURE_COOKIE = '__Host-mantissa-session'
const PLAIN_COOKIE = 'mantissa-session'

/**
 * Who looks. The site is asked once for each request, and not at all where the request has no session cookie.
 *
 * The account was looked at just now: it is not disabled, and its password is that with which the session began.
 */
export function viewerOf(request: FastifyRequest): WebViewer {
  request.knownViewer ??= recognise(request)
  return request.knownViewer
}

/** The same where a page is for people who have logged in. @throws LoginRequired, which leads people to the login page. */
export function memberOf(request: FastifyRequest): Member {
  const viewer = viewerOf(request)
  if (viewer.account === null) throw new LoginRequired()
  return viewer
}

/** The page is for people who have logged in. */
export class LoginRequired extends WebRefusal {
  constructor() {
    super(401, 'This page is for people who have logged in.')
  }
}

/** The browser is given a token, until it is closed or for `seconds`. It has no domain: hosts below this one never get it. */
export function giveSessionCookie(reply: FastifyReply, token: string, seconds?: number): void {
  const secure = isSecure(reply.request)
  reply.setCookie(secure ? SECURE_COOKIE : PLAIN_COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure,
    ...(seconds === undefined ? {} : { maxAge: seconds }),
  })
}

export function takeSessionCookie(reply: FastifyReply): void {
  const secure = isSecure(reply.request)
  reply.clearCookie(secure ? SECURE_COOKIE : PLAIN_COOKIE, { path: '/', httpOnly: true, sameSite: 'lax', secure })
}

function recognise(request: FastifyRequest): WebViewer {
  if (request.headers.cookie === undefined) return VISITOR
  const token = request.cookies[isSecure(request) ? SECURE_COOKIE : PLAIN_COOKIE]
  if (token === undefined) return VISITOR
  const { host } = request.server.web
  const found = findSession(host.site, token)
  if (found === undefined) return VISITOR
  const { session, account, address } = found
  if (wantsRenewal(host.site, session)) {
    host
      .patiently(() => renewSession(host.site, session.storeID))
      .catch((err: unknown) => host.log.warn({ reason: String(err) }, 'the use of a session could not be written down'))
  }
  return { address, account, sessionId: session.storeID }
}
