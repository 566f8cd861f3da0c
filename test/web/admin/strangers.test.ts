import { request } from 'node:http'
import { expect, it } from 'vitest'
import { setDisabled } from '../../../src/accounts/set-disabled.js'
import { revokeAdministration } from '../../../src/offerings/administrative-rights.js'
import { withholdRights, yieldRights } from '../../../src/site/rights-withheld.js'
import { WebBrowser } from '../../support/web-browser.js'
import { sharedAdminSite } from './admin-site.js'

const site = sharedAdminSite()
const URLS = [
  '/admin',
  '/admin/',
  '/admin/users',
  '/admin/users/new',
  '/admin/overview/live',
  '/admin/audit',
  '/admin/nothing',
]

/** What somebody gets who asks; all of it, but for what is different each time. */
async function answerTo(browser: WebBrowser, path: string, init: { method?: string } = {}) {
  const { status, text, headers } =
    init.method === 'POST' ? await browser.post(path, { address: 'x@example.com' }) : await browser.get(path)
  const kept = [...headers].filter(([name]) => !['date', 'set-cookie', 'content-length'].includes(name))
  return { status, text: text.replaceAll(/value="[^"]*"/g, '').replaceAll(encodeURIComponent(path), ''), headers: kept }
}

it('is not there for nobody, a user, and an administrator elsewhere', async () => {
  withholdRights(site().started.site, site().account('ports@example.com').storeID, 'arrived')
  const people = [new WebBrowser(site().started.url), site().as('bob@example.com'), site().as('ports@example.com')]
  for (const browser of people) {
    for (const method of ['GET', 'POST']) {
      const nothing = await answerTo(browser, '/nothing', { method })
      expect(nothing.status).toBe(404)
      for (const path of [...URLS, site().pageOf('bob@example.com'), `${site().pageOf('bob@example.com')}/disable`])
        expect(await answerTo(browser, path, { method })).toEqual(nothing)
    }
  }
  yieldRights(site().started.site, site().account('ports@example.com').storeID)
})

it('is not there for an administrator without the right', async () => {
  for (const [address, seen, unseen] of [
    ['ports@example.com', ['/admin'], ['/admin/users', '/admin/offerings', '/admin/audit', '/admin/sessions']],
    [
      'people@example.com',
      ['/admin/users', '/admin/sessions', '/admin/events'],
      ['/admin/offerings', '/admin/products'],
    ],
    [
      'offerings@example.com',
      ['/admin/users', '/admin/offerings'],
      ['/admin/users/new', '/admin/audit', '/admin/events'],
    ],
  ] as const) {
    const browser = site().as(address)
    for (const path of seen) expect(`${path} ${(await browser.get(path)).status}`).toBe(`${path} 200`)
    for (const path of unseen) expect(`${path} ${(await browser.get(path)).status}`).toBe(`${path} 404`)
  }
  const page = site().pageOf('bob@example.com')
  const offerings = await site().as('offerings@example.com').submit(page, `${page}/disable`, { sure: 'yes' })
  expect([offerings.status, site().account('bob@example.com').isDisabled]).toEqual([404, false])
  const people = await site().as('people@example.com').submit(page, `${page}/endow`, { powerup: 'notes:notes' })
  expect(people.status).toBe(404)
})

it('asks each request, not the session', async () => {
  const browser = site().as('second@example.com')
  const { site: store } = site().started
  const account = site().account('second@example.com')
  const { grantAdministration } = await import('../../../src/offerings/administrative-rights.js')
  grantAdministration(store, account)
  expect((await browser.get('/admin')).status).toBe(200)
  revokeAdministration(store, account)
  expect((await browser.get('/admin')).status).toBe(404)
  grantAdministration(store, account)
  expect((await browser.get('/admin')).status).toBe(200)
  setDisabled(store, account, true)
  expect((await browser.get('/admin')).status).toBe(404)
})

it('takes no form without its token, from elsewhere, or under another method’s name', async () => {
  const browser = site().admin()
  const act = `${site().pageOf('bob@example.com')}/disable`
  expect((await browser.post(act, { sure: 'yes' })).status).toBe(403)
  const { text } = await browser.get(site().pageOf('bob@example.com'))
  const [, token = ''] = /name="_csrf" value="([^"]*)"/.exec(text) ?? []
  const fields = { _csrf: token, sure: 'yes' }
  expect((await browser.post(act, fields, { origin: 'https://elsewhere.example' })).status).toBe(403)
  expect((await browser.post(act, fields, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await site().as('bob@example.com').post(act, fields)).status).toBe(404)
  expect((await browser.get(`${act}?sure=yes&_csrf=${token}`)).status).toBe(404)
  expect((await browser.post(site().pageOf('bob@example.com'), { ...fields, _method: 'DELETE' })).status).toBe(404)
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])
    expect(`${method} ${await statusOf(method, act)}`).toBe(`${method} 405`)
  expect(site().account('bob@example.com').isDisabled).toBe(false)
})

/** `fetch` sends not every method. */
function statusOf(method: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const cookie = [...site().admin().cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    request(site().started.url + path, { method, headers: { cookie } }, answer => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .once('error', reject)
      .end()
  })
}
