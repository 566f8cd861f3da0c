import type { FastifyReply, FastifyRequest } from 'fastify'
import { LIFETIMES, type SessionKind } from '../../accounts/sessions/persistent-session.js'
import { isSecure } from '../secure.js'
import { giveSessionCookie } from '../viewer.js'

/** What a browser is given when somebody has logged in. */
export interface GivenSession {
  readonly kind: SessionKind
  readonly token: string
  /** By which the browser is known when it comes back without a session; see `known-browser`. */
  readonly mark: string
}

const HALF_A_YEAR = 180 * 24 * 3600

export function giveSession(reply: FastifyReply, { kind, token, mark }: GivenSession): void {
  const { request } = reply
  giveSessionCookie(reply, token, kind === 'remembered' ? Number(LIFETIMES[kind] / 1_000_000n) : undefined)
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(request) } as const
  reply.setCookie(markCookie(request), mark, { ...options, maxAge: HALF_A_YEAR })
}

/** What shows that somebody has logged in with this browser before; undefined where nobody has. */
export function readBrowserMark(request: FastifyRequest): string | undefined {
  return request.cookies[markCookie(request)]
}

function markCookie(request: FastifyRequest): string {
  return isSecure(request) ? '__Host-mantissa-browser' : 'mantissa-browser'
}
