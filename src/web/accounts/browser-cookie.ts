import type { FastifyReply, FastifyRequest } from 'fastify'
import { isSecure } from '../secure.js'

const HALF_A_YEAR = 180 * 24 * 3600

/** What shows that somebody has logged in with this browser before; undefined where nobody has. */
export function readBrowserMark(request: FastifyRequest): string | undefined {
  return request.cookies[nameFor(request)]
}

export function giveBrowserMark(reply: FastifyReply, mark: string): void {
  const { request } = reply
  reply.setCookie(nameFor(request), mark, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure(request),
    maxAge: HALF_A_YEAR,
  })
}

function nameFor(request: FastifyRequest): string {
  return isSecure(request) ? '__Host-mantissa-browser' : 'mantissa-browser'
}
