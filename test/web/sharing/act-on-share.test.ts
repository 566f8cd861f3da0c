import { expect, it } from 'vitest'
import { startSite } from '../../support/started-site.js'
import { loggedIn, WebBrowser } from '../../support/web-browser.js'
import { ask, createUser, ICooked, IRecipe, Recipe, shareRecipe, storeOf } from './shared-recipes.js'

async function siteWithSoup() {
  const started = await startSite()
  const alice = createUser(started.site, 'alice@example.com')
  shareRecipe(alice, 'soup', 'authenticated', [IRecipe, ICooked])
  return { ...started, soup: storeOf(alice).findUnique(Recipe), bob: loggedIn(started, 'bob@example.com') }
}

const SOUP = '/users/alice/soup'

it('lets people who have logged in do what the page offers, and shows it again', async () => {
  const { bob, soup } = await siteWithSoup()
  const done = await bob.submit(SOUP, `${SOUP}/cook`, { times: '2' })
  expect([done.status, done.headers.get('location')]).toEqual([303, SOUP])
  expect(soup.cooked).toBe(2)
  expect((await bob.get(SOUP)).text).toContain('It is cooked.')
})

it('takes the fields as JSON, with the token in a header', async () => {
  const { bob, soup } = await siteWithSoup()
  const json = { accept: 'application/json' }
  const token = (await bob.get(SOUP, json)).headers.get('x-csrf-token') ?? ''
  const cookie = [...bob.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const post = (body: string, headers: Record<string, string> = { 'x-csrf-token': token }) =>
    fetch(`${bob.url}${SOUP}/cook`, {
      method: 'POST',
      headers: { ...json, 'content-type': 'application/json', cookie, ...headers },
      body,
    })
  const done = await post('{"times":3,"tags":["a","b",null]}')
  expect([done.status, await done.json()]).toEqual([200, { status: 'done', notice: 'It is cooked.' }])
  expect(soup.cooked).toBe(3)
  const statuses = [
    (await post('{"times":3}', {})).status,
    (await post('{"times":{"a":1}}')).status,
    (await post('{"times":')).status,
  ]
  expect([...statuses, soup.cooked]).toEqual([403, 400, 400, 3])
})

it('lets nobody act who is not logged in, has no token, or may not see the share', async () => {
  const { site, url, bob, soup } = await siteWithSoup()
  const visitor = new WebBrowser(url)
  expect((await visitor.submit('/login', `${SOUP}/cook`, { times: '1' })).status).toBe(401)
  expect((await visitor.submit('/login', '/users/alice/absent/cook', { times: '1' })).status).toBe(401)
  expect((await bob.post(`${SOUP}/cook`, { times: '1' })).status).toBe(403)
  shareRecipe(createUser(site, 'zoe@example.com'), 'tea', 'alice@example.com', [ICooked])
  expect((await bob.submit(SOUP, '/users/zoe/tea/cook', { times: '1' })).status).toBe(404)
  expect((await bob.submit(SOUP, '/users/zoe/absent/cook', { times: '1' })).status).toBe(404)
  expect((await bob.submit(SOUP, `${SOUP}/constructor`, {})).status).toBe(404)
  expect((await bob.submit(SOUP, `${SOUP}/absent`, {})).status).toBe(404)
  expect(soup.cooked).toBe(0)
})

it('says why an action refuses, and does nothing then', async () => {
  const { bob, soup } = await siteWithSoup()
  const refused = await bob.submit(SOUP, `${SOUP}/cook`, { times: '10' })
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('Nobody eats &lt;that&gt; much.')])
  expect(soup.cooked).toBe(0)
})

it('undoes what an action did that fails, and tells only its number', async () => {
  const { bob, soup, log } = await siteWithSoup()
  const failed = await bob.submit(SOUP, `${SOUP}/fail`, {})
  expect(failed.status).toBe(500)
  expect(failed.text).not.toContain('oven')
  expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
  expect(soup.cooked).toBe(0)
})

it('says of every path what may be done with it', async () => {
  const { bob, url } = await siteWithSoup()
  const reading = await bob.get(`${SOUP}/cook`)
  expect([reading.status, reading.headers.get('allow')]).toEqual([405, 'POST'])
  expect((await bob.get(`${SOUP}/absent`)).status).toBe(404)
  expect((await ask(url, `${SOUP}/cook`)).status).toBe(404)
  expect((await ask(url, `${SOUP}/cook`, { method: 'PUT' })).headers['allow']).toBe('POST')
  for (const path of ['/users/nobody/x/cook', '/nothing/x/cook'])
    expect((await ask(url, path, { method: 'POST' })).status).toBe(404)
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
    const refused = await ask(url, SOUP, { method })
    expect([method, refused.status, refused.headers['allow']]).toEqual([method, 405, 'GET, HEAD'])
  }
})
