/**
 * Forms that people post: who may post them, and what they hold.
 *
 * Three locks keep a page of somebody else from posting in a visitor's name. The session cookie is `SameSite=Lax`, so a
 * browser does not send it with such a form. The form must hold a token that only a page of ours can have, bound to the
 * session and to a secret in a cookie. And where the browser says where the form comes from, it must be from here.
 */
import cookie from '@fastify/cookie'
import csrfProtection from '@fastify/csrf-protection'
import formbody from '@fastify/formbody'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify'
import { type Html, html } from '../base/html.js'
import { networkOf } from '../base/network-address.js'
import type { FormFields } from '../sharing/pages/page.js'
import { clientAddress } from './client-address.js'
import { WebRefusal } from './refusal.js'
import { isSecure } from './secure.js'
import { hostOf } from './site/site-hosts.js'
import { viewerOf } from './viewer.js'
import { signingKey } from './web-secret.js'

const TOKEN_FIELD = '_csrf'

/** Forms that one address, or network of IPv6, may post in a minute. */
const POSTS_A_MINUTE = 120

export async function registerForms(app: FastifyInstance): Promise<void> {
  app.decorateReply('formToken', null)
  const { host } = app.web
  await app.register(cookie, { secret: await signingKey(host, 'notices') })
  await app.register(formbody, { parser: text => new URLSearchParams(text) as unknown as Record<string, unknown> })
  const keyGenerator = (request: FastifyRequest) => networkOf(clientAddress(request))
  await app.register(rateLimit, { global: false, max: POSTS_A_MINUTE, timeWindow: 60_000, cache: 10_000, keyGenerator })
  await app.register(csrfProtection, {
    cookieKey: 'mantissa-forms',
    cookieOpts: { path: '/', httpOnly: true, sameSite: 'lax' },
    csrfOpts: { hmacKey: await signingKey(host, 'forms') },
    getUserInfo: sessionOf,
    getToken: request => formFieldsOf(request).text(TOKEN_FIELD) || String(request.headers['x-csrf-token'] ?? ''),
  })
}

/** What a route needs that takes a form: `app.post(path, formGuards(app), handler)`. */
export function formGuards(app: FastifyInstance): RouteShorthandOptions {
  return {
    config: { rateLimit: { max: POSTS_A_MINUTE, timeWindow: 60_000 } },
    preHandler: [refuseForeignForms, app.csrfProtection],
  }
}

/** A form that posts to a path of this site, with the field that shows that it is ours. */
export function csrfForm(reply: FastifyReply, action: string, fields: Html): Html {
  return html`<form method="post" action="${action}"><input type="hidden" name="${TOKEN_FIELD}" value="${formTokenOf(reply)}">${fields}</form>`
}

/** What {@link csrfForm} puts into its field; scripts send it as the header `X-CSRF-Token`. */
export function formTokenOf(reply: FastifyReply): string {
  const { request } = reply
  reply.formToken ??= reply.generateCsrf({ userInfo: sessionOf(request), secure: isSecure(request) })
  return reply.formToken
}

/** The fields that were posted; none where the request has no form. */
export function formFieldsOf(request: Pick<FastifyRequest, 'body'>): FormFields {
  const fields = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
  return {
    text: name => fields.get(name) ?? '',
    all: name => fields.getAll(name),
    has: name => fields.has(name),
  }
}

function sessionOf(request: FastifyRequest): string {
  return String(viewerOf(request).sessionId ?? 'nobody')
}

async function refuseForeignForms(request: FastifyRequest): Promise<void> {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const isForeign =
    (site !== undefined && site !== 'same-origin' && site !== 'none') ||
    (origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === hostOf(request)))
  if (isForeign) throw new WebRefusal(403, 'This form was sent from another site.')
}
