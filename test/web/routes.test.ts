/**
 * Who gets what: every route of the application, asked with every method by nobody, by a user and by an administrator of
 * everything, without a form's token. A route that is added stands here, or this test fails.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance } from 'fastify'
import { expect, it } from 'vitest'
import { WebBrowser } from '../support/web-browser.js'
import { type AdminSite, makeAdminSite } from './admin/admin-site.js'

/** Statuses for nobody, a user and an administrator. HEAD is as GET; PATCH and DELETE are as PUT. */
const TABLE = `
/                                   GET 200 200 200   POST 404 404 404   PUT 405 405 405
/:name                              GET 308 308 308   POST 405 405 405   PUT 405 405 405
/:name/                             GET 200 200 200   POST 405 405 405   PUT 405 405 405
/:name/:shareID                     GET 404 404 404   POST 405 405 405   PUT 405 405 405
/:name/:shareID/                    GET 308 308 308   POST 405 405 405   PUT 405 405 405
/:name/:shareID/:action             GET 404 404 404   POST 403 403 403   PUT 405 405 405
/admin                              GET 404 404 200   POST 404 404 404   PUT 405 405 405
/admin/                             GET 404 404 200   POST 404 404 404   PUT 405 405 405
/admin/*                            GET 404 404 404   POST 404 404 404   PUT 405 405 405
/admin/audit                        GET 404 404 200   POST 404 404 404   PUT 405 405 405
/admin/events                       GET 404 404 200   POST 404 404 404   PUT 405 405 405
/admin/events/clear-failures        GET 404 404 404   POST 404 404 403   PUT 405 405 405
/admin/offerings                    GET 404 404 200   POST 404 404 404   PUT 405 405 405
/admin/offerings/:name              GET 404 404 200   POST 404 404 404   PUT 405 405 405
/admin/offerings/front-page         GET 404 404 404   POST 404 404 403   PUT 405 405 405
/admin/offerings/install            GET 404 404 404   POST 404 404 403   PUT 405 405 405
/admin/overview/live                GET 404 404 200   POST 404 404 404   PUT 405 405 405
/admin/ports                        GET 404 404 200   POST 404 404 404   PUT 405 405 405
/admin/ports/create                 GET 404 404 404   POST 404 404 403   PUT 405 405 405
/admin/ports/delete                 GET 404 404 404   POST 404 404 403   PUT 405 405 405
/admin/products                     GET 404 404 200   POST 404 404 404   PUT 405 405 405
/admin/sessions                     GET 404 404 200   POST 404 404 404   PUT 405 405 405
/admin/sessions/:id/end             GET 404 404 404   POST 404 404 403   PUT 405 405 405
/admin/shares                       GET 404 404 200   POST 404 404 404   PUT 405 405 405
/admin/shares/remove                GET 404 404 404   POST 404 404 403   PUT 405 405 405
/admin/users                        GET 404 404 200   POST 404 404 404   PUT 405 405 405
/admin/users/:id                    GET 404 404 200   POST 404 404 404   PUT 405 405 405
/admin/users/:id/clear-failures     GET 404 404 404   POST 404 404 403   PUT 405 405 405
/admin/users/:id/deprive            GET 404 404 404   POST 404 404 403   PUT 405 405 405
/admin/users/:id/disable            GET 404 404 404   POST 404 404 403   PUT 405 405 405
/admin/users/:id/enable             GET 404 404 404   POST 404 404 403   PUT 405 405 405
/admin/users/:id/end-sessions       GET 404 404 404   POST 404 404 403   PUT 405 405 405
/admin/users/:id/endow              GET 404 404 404   POST 404 404 403   PUT 405 405 405
/admin/users/new                    GET 404 404 200   POST 404 404 403   PUT 405 405 405
/login                              GET 200 303 303   POST 403 403 403   PUT 405 405 405
/logout                             GET 404 404 404   POST 403 403 403   PUT 405 405 405
/private                            GET 308 308 308   POST 404 404 404   PUT 405 405 405
/private/                           GET 303 200 200   POST 404 404 404   PUT 405 405 405
/private/:webID                     GET 303 404 404   POST 404 404 404   PUT 405 405 405
/private/:webID/:action             GET 404 404 404   POST 401 403 403   PUT 405 405 405
/private/account                    GET 303 200 200   POST 404 404 404   PUT 405 405 405
/private/account/password           GET 404 404 404   POST 403 403 403   PUT 405 405 405
/private/account/sessions/end       GET 404 404 404   POST 403 403 403   PUT 405 405 405
/private/account/sessions/end-othersGET 404 404 404   POST 403 403 403   PUT 405 405 405
/static/:offering/*                 GET 404 404 404   POST 404 404 404   PUT 405 405 405
/static/mantissa/:name              GET 200 200 200   POST 404 404 404   PUT 405 405 405
/users/:name                        GET 308 308 308   POST 405 405 405   PUT 405 405 405
/users/:name/                       GET 404 404 404   POST 405 405 405   PUT 405 405 405
/users/:name/:shareID               GET 404 404 404   POST 405 405 405   PUT 405 405 405
/users/:name/:shareID/              GET 308 308 308   POST 405 405 405   PUT 405 405 405
/users/:name/:shareID/:action       GET 404 404 404   POST 403 403 403   PUT 405 405 405
`

/** What stands for the parameters of a route: things that are there. */
const EXAMPLES: Readonly<Record<string, string>> = {
  '/static/mantissa/:name': '/static/mantissa/mantissa.css',
  '/static/:offering/*': '/static/notes/nothing',
  '/admin/*': '/admin/nothing/at/all',
  '/admin/offerings/:name': '/admin/offerings/notes',
}

function pathFor(url: string, { account }: AdminSite): string {
  const names: Readonly<Record<string, string>> = {
    ':id': String(account('bob@example.com').storeID),
    ':name': url.startsWith('/users') ? 'bob' : 'notes',
    ':shareID': 'nothing',
    ':action': 'do',
    ':webID': '0123456789abcdef',
  }
  return EXAMPLES[url] ?? url.replaceAll(/:\w+/g, name => names[name] ?? name)
}

/** The patterns of all routes of the application that is built while `work` is done. */
async function routesOf<T>(work: () => Promise<T>): Promise<readonly [T, readonly string[]]> {
  const urls = new Set<string>()
  const listen = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', function note({ url }) {
      if (this.hasDecorator('web')) urls.add(url)
    })
  }
  subscribe('fastify.initialization', listen)
  try {
    return [await work(), [...urls]]
  } finally {
    unsubscribe('fastify.initialization', listen)
  }
}

async function statusesOf(people: readonly WebBrowser[], method: string, path: string): Promise<string> {
  const statuses: number[] = []
  for (const { url, cookies } of people) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url + path, { method, redirect: 'manual', headers: { cookie } })
    await answer.arrayBuffer()
    statuses.push(answer.status)
  }
  return statuses.join(' ')
}

it('gives everybody what is theirs, and nobody anything else', async () => {
  const [site, urls] = await routesOf(makeAdminSite)
  const people = [new WebBrowser(site.started.url), site.as('bob@example.com'), site.admin()]
  const lines: string[] = []
  for (const url of urls) {
    const path = pathFor(url, site)
    const ask = (method: string) => statusesOf(people, method, path)
    const [get, post, put] = [await ask('GET'), await ask('POST'), await ask('PUT')]
    lines.push(`${url.padEnd(36)}GET ${get}   POST ${post}   PUT ${put}`)
    expect.soft(`HEAD ${url} ${await ask('HEAD')}`).toBe(`HEAD ${url} ${get}`)
    for (const method of ['PATCH', 'DELETE', 'OPTIONS'])
      expect.soft(`${method} ${url} ${await ask(method)}`).toBe(`${method} ${url} ${put}`)
  }
  expect(lines.sort().join('\n')).toBe(TABLE.trim())
})
