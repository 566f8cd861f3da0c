import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ActionOutcome } from '../sharing/pages/page.js'
import { isSecure } from './secure.js'
import { sitePath } from './site-path.js'

const NOTICE_COOKIE = 'mantissa-notice'
/** Characters; half a pair of surrogates could be no cookie. */
const LONGEST = 300

/** Sends somebody on after a form was taken (303), where the sentence is shown to them once. */
export function redirectWithNotice(reply: FastifyReply, path: string, notice?: string): FastifyReply {
  if (notice !== undefined) {
    const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(reply.request), maxAge: 60 } as const
    reply.setCookie(NOTICE_COOKIE, [...notice].slice(0, LONGEST).join(''), { ...options, signed: true })
  }
  return reply.redirect(sitePath(path) ?? '/', 303)
}

/** What an action says is to happen; where it says nothing the page at `path` is shown again. */
export function followOutcome(reply: FastifyReply, outcome: ActionOutcome | undefined, path: string): FastifyReply {
  return redirectWithNotice(reply, outcome?.goTo ?? path, outcome?.notice)
}

/** The sentence that the page before has left, if any; it is shown once. Nobody else can have written it. */
export function takeNotice(request: FastifyRequest, reply: FastifyReply): string | undefined {
  const kept = request.headers.cookie === undefined ? undefined : request.cookies[NOTICE_COOKIE]
  if (kept === undefined) return undefined
  reply.clearCookie(NOTICE_COOKIE, { path: '/' })
  const { valid, value } = request.unsignCookie(kept)
  return valid ? value : undefined
}
