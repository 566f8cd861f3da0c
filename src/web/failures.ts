/**
 * What is said when a request fails: in one place, so that nothing is told that should not be.
 *
 * A {@link WebRefusal} was meant for the visitor, and its sentence is shown. All other errors are told by their status
 * and a sentence of ours. What nobody expected, and what keeps the site from serving (a full disk), gets a number, under
 * which the log has the whole of it.
 */
import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  BusyError,
  ConflictError,
  DeniedError,
  InvalidInputError,
  NotFoundError,
  PendingError,
  UnavailableError,
} from '../base/errors.js'
import { html } from '../base/html.js'
import { newUlid } from '../base/ids.js'
import { NotAStoreError } from '../store-engine/errors.js'
import { wantsJson } from './accept.js'
import { loginPathFor } from './login-path.js'
import { notFound, WebRefusal } from './refusal.js'
import { pathOf, renderPage } from './send-page.js'
import { LoginRequired } from './viewer.js'

export function registerFailures(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => answerFailure(error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    const isUsual = ['GET', 'HEAD', 'POST'].includes(request.method)
    if (!isUsual) reply.header('allow', 'GET, HEAD, POST')
    return answerFailure(isUsual ? notFound() : new WebRefusal(405, SENTENCES[405]), request, reply)
  })
}

const SENTENCES = {
  400: 'This request cannot be understood.',
  401: 'This page is for people who have logged in.',
  403: 'This is not permitted.',
  404: 'There is nothing here.',
  405: 'This cannot be done with a page.',
  409: 'Something else is in the way of this.',
  413: 'This is more than the site takes at once.',
  414: 'This address is too long.',
  415: 'The site does not take what was sent in this form.',
  429: 'That was too often. Wait a little.',
  500: 'Something has gone wrong here, and it is not your fault.',
  503: 'The site is busy. Try again in a moment.',
} as const

const OLD_FORM =
  'This form is too old, or the browser keeps no cookies of this site. Go back, load the page again, and send it once more.'

const FAMILIES = [
  // A store that the site knows of and that is not where it should be; visitors have named none.
  [NotAStoreError, 500],
  [InvalidInputError, 400],
  [DeniedError, 403],
  [NotFoundError, 404],
  [ConflictError, 409],
  [BusyError, 503],
  [UnavailableError, 503],
  [PendingError, 503],
] as const

/** With what status a request is answered that failed so. */
export function statusOf(error: unknown): number {
  if (error instanceof WebRefusal) return error.status
  const family = FAMILIES.find(([errorClass]) => error instanceof errorClass)
  if (family !== undefined) return family[1]
  const { statusCode } = error as Partial<FastifyError>
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? statusCode : 500
}

/** Says that a request has failed, and how; the one place where that is decided. */
export function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof LoginRequired && ['GET', 'HEAD'].includes(request.method) && !wantsJson(request))
    return reply.redirect(loginPathFor(request), 303)
  const status = statusOf(error)
  const number = status === 500 || error instanceof UnavailableError ? newUlid() : undefined
  if (number !== undefined) logFailure(error, request, number)
  if (status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', '5')
  reply.code(status).header('cache-control', 'no-store')
  const sentence = sentenceFor(error, status)
  if (wantsJson(request)) return reply.send({ error: { code: codeOf(status), message: sentence, ...idOf(number) } })
  return reply.type('text/html; charset=utf-8').send(failurePage(reply, status, sentence, number))
}

function sentenceFor(error: unknown, status: number): string {
  if (error instanceof WebRefusal) return error.message
  if (String((error as Partial<FastifyError>).code).startsWith('FST_CSRF')) return OLD_FORM
  if (error instanceof UnavailableError) return 'The site cannot do this just now. Try again later.'
  return SENTENCES[status as keyof typeof SENTENCES] ?? SENTENCES[400]
}

/** A page in the frame; without the frame where that fails, too. */
function failurePage(reply: FastifyReply, status: number, sentence: string, number: string | undefined): string {
  const title = STATUS_CODES[status] ?? 'Error'
  const body = html`<p>${sentence}</p>${number === undefined ? null : html`<p>Number of this failure: <code>${number}</code></p>`}`
  try {
    return renderPage(reply, { title, body })
  } catch {
    return String(html`<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>${body}</html>`)
  }
}

/** `NOT_FOUND`, for programs. */
function codeOf(status: number): string {
  return (STATUS_CODES[status] ?? 'ERROR').toUpperCase().replace(/[^A-Z]+/g, '_')
}

function idOf(number: string | undefined): { readonly number?: string } {
  return number === undefined ? {} : { number }
}

function logFailure(err: unknown, request: FastifyRequest, number: string): void {
  const { log } = request.server.web.host
  log.error({ err, number, method: request.method, path: pathOf(request) }, 'a request failed')
}
