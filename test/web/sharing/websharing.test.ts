import { expect, it } from 'vitest'
import { openAppStore } from '../../../src/offerings/installed-offerings.js'
import { setDefaultShare } from '../../../src/sharing/default-share.js'
import { getRole } from '../../../src/sharing/named-roles.js'
import { shareItem, unshare } from '../../../src/sharing/share-item.js'
import { Store } from '../../../src/store-engine/store.js'
import { startSite } from '../../support/started-site.js'
import { loggedIn } from '../../support/web-browser.js'
import { ask, createUser, ICooked, IRecipe, ISpice, Recipe, Spice, shareRecipe, storeOf } from './shared-recipes.js'

it('shows shares as HTML and as JSON, and the default share at the slash', async () => {
  const { site, url } = await startSite()
  const alice = createUser(site, 'alice@example.com')
  shareRecipe(alice, 'soup')
  const page = await ask(url, '/users/alice/soup?for=two')
  expect(page.status).toBe(200)
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(page.text).toContain('<h1>Recipe soup</h1>')
  expect(page.text).toContain('nobody at /users/alice/soup asked for two')
  expect(page.text).not.toContain('<script>alert')
  expect(page.text).not.toContain('secret')
  const json = await ask(url, '/users/alice/soup', { headers: { accept: 'application/json' } })
  expect(JSON.parse(json.text)).toEqual({
    title: 'Recipe soup',
    steps: '<script>alert(1)</script>',
    written: '1970-01-01T00:00:00.000000Z',
    lists: ['salt', 'water'],
  })
  expect((await ask(url, '/users/alice/')).status).toBe(404)
  setDefaultShare(storeOf(alice), 'soup')
  expect((await ask(url, '/users/alice/')).text).toContain('<h1>Recipe soup</h1>')

  // What somebody else changes is seen at once.
  storeOf(alice).findUnique(Recipe).title = 'Bisque'
  expect((await ask(url, '/users/alice/soup')).text).toContain('<h1>Bisque</h1>')
  storeOf(alice).findUnique(Recipe).deleteFromStore()
  expect((await ask(url, '/users/alice/soup')).status).toBe(404)
})

it('shows what an application store shares below the name of its offering', async () => {
  const { site, url } = await startSite({ offerings: ['notes'] })
  const store = openAppStore(site, 'notes')
  const soup = store.create(Recipe, { title: 'Soup for all' })
  shareItem(getRole(store, 'everyone'), soup, { shareID: 'Suppe für alle', interfaces: [IRecipe] })
  setDefaultShare(store, 'Suppe für alle')
  for (const path of ['/notes/', '/notes/Suppe%20f%C3%BCr%20alle', '/NOTES/suppe%20fu%CC%88r%20alle'])
    expect((await ask(url, path)).text).toContain('<h1>Soup for all</h1>')
  expect((await ask(url, '/notes?a=b')).headers['location']).toBe('/notes/?a=b')
  for (const path of ['/notes/other', '/nothing/', '/nothing', '/nothing/x', '/mantissa-base/'])
    expect((await ask(url, path)).status).toBe(404)
})

it('tells by the same page that something is not there and that it is not for the viewer', async () => {
  const started = await startSite()
  const alice = createUser(started.site, 'alice@example.com')
  shareRecipe(alice, 'for-bob', 'bob@example.com')
  const [absent, forbidden] = await Promise.all(['absent', 'for-bob'].map(id => ask(started.url, `/users/alice/${id}`)))
  const neutral = (answer: typeof absent) => [answer?.status, answer?.text.replaceAll(/absent|for-bob/g, '?')]
  expect(neutral(forbidden)).toEqual(neutral(absent))
  const headersOf = (answer: typeof absent) => Object.keys(answer?.headers ?? {})
  expect(headersOf(forbidden)).toEqual(headersOf(absent))
  const [bob, zoe] = [loggedIn(started, 'bob@example.com'), loggedIn(started, 'zoe@example.com')]
  expect((await bob.get('/users/alice/for-bob')).text).toContain('bob@example.com at /users/alice/for-bob')
  expect((await zoe.get('/users/alice/for-bob')).status).toBe(404)
})

it('is kept by browsers only until they ask again, and is not sent twice', async () => {
  const started = await startSite()
  const { url } = started
  shareRecipe(createUser(started.site, 'alice@example.com'), 'soup')
  const first = await ask(url, '/users/alice/soup')
  expect(first.headers).toMatchObject({ vary: 'Accept, Cookie', 'cache-control': 'no-cache' })
  const etag = String(first.headers['etag'])
  expect(etag).toMatch(/^"[\w-]{27}"$/)
  for (const header of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await ask(url, '/users/alice/soup', { headers: { 'if-none-match': header } })
    expect([again.status, again.text, again.headers['etag'], again.headers['vary']]).toEqual([
      304,
      '',
      etag,
      'Accept, Cookie',
    ])
  }
  expect((await ask(url, '/users/alice/soup', { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  const json = await ask(url, '/users/alice/soup', { headers: { accept: 'application/json', 'if-none-match': etag } })
  expect(json.status).toBe(200)
  const head = await ask(url, '/users/alice/soup', { method: 'HEAD' })
  expect([head.status, head.text, head.headers['etag'], head.headers['content-length']]).toEqual([
    200,
    '',
    etag,
    first.headers['content-length'],
  ])
  const bob = await loggedIn(started, 'bob@example.com').get('/users/alice/soup')
  expect(bob.headers.get('cache-control')).toBe('private, no-cache')
})

it('gives every visitor a form of their own, and keeps the page of nobody else for it', async () => {
  const { site, url } = await startSite()
  shareRecipe(createUser(site, 'alice@example.com'), 'soup', 'everyone', [IRecipe, ICooked])
  const tokenOf = ({ text }: { text: string }) => /name="_csrf" value="([^"]+)"/.exec(text)?.[1]
  const [one, other] = [await ask(url, '/users/alice/soup'), await ask(url, '/users/alice/soup')]
  expect(tokenOf(one)).toMatch(/.{20}/)
  expect(tokenOf(one)).not.toBe(tokenOf(other))
  for (const { headers } of [one, other]) {
    expect(headers['cache-control']).toBe('private, no-cache')
    expect(headers['set-cookie']).toHaveLength(1)
  }
})

it('is made anew when its store has changed, whoever changed it', async () => {
  const { site, url } = await startSite()
  const alice = createUser(site, 'alice@example.com')
  const soup = shareRecipe(alice, 'soup')
  using elsewhere = Store.open(storeOf(alice).directory ?? '')
  const textAt = async (path = '/users/alice/soup') => (await ask(url, path)).text
  expect(await textAt()).toContain('<h1>Recipe soup</h1>')
  elsewhere.findUnique(Recipe).title = 'Broth'
  expect(await textAt()).toContain('<h1>Broth</h1>')
  expect(await textAt('/users/alice/soup?for=<b>')).toContain('asked for &lt;b&gt;')
  unshare(soup)
  expect((await ask(url, '/users/alice/soup')).status).toBe(404)
})

it('is JSON where a program wants that more than HTML', async () => {
  const started = await startSite()
  shareRecipe(createUser(started.site, 'alice@example.com'), 'soup')
  const typeFor = async (accept: string) =>
    (await ask(started.url, '/users/alice/soup', { headers: { accept } })).headers['content-type']?.includes('json')
  const wanted = ['application/json', 'application/json;q=0.5, text/html;q=0.4']
  expect(await Promise.all(wanted.map(typeFor))).toEqual([true, true])
  const others = ['text/html', '*/*', 'application/json;q=0.5, text/html', 'application/json;q=0', 'x;;q=,,']
  expect(await Promise.all(others.map(typeFor))).toEqual(others.map(() => false))
})

it('has nothing to show to people where no renderer is registered, but JSON for programs', async () => {
  const { site, url } = await startSite()
  const store = storeOf(createUser(site, 'alice@example.com'))
  const pepper = store.create(Spice, { title: 'Pepper', heat: 3 })
  shareItem(getRole(store, 'everyone'), pepper, { shareID: 'pepper', interfaces: [ISpice] })
  expect((await ask(url, '/users/alice/pepper')).status).toBe(406)
  const json = await ask(url, '/users/alice/pepper', { headers: { accept: 'application/json' } })
  expect(JSON.parse(json.text)).toEqual({ title: 'Pepper', heat: 3 })
})

it('takes any name and ID, however they are written', async () => {
  const { site, url } = await startSite()
  shareRecipe(createUser(site, 'zoë@example.com'), '100% 日本/'.slice(0, -1))
  for (const path of [
    '/users/zo%C3%AB/100%25%20%E6%97%A5%E6%9C%AC',
    '/users/zoe%CC%88/100%25%20%E6%97%A5%E6%9C%AC',
    '/users/ZO%C3%AB@EXAMPLE.com/100%25%20%E6%97%A5%E6%9C%AC',
  ])
    expect([path, (await ask(url, path)).status]).toEqual([path, 200])
  const answers = {
    '/users/zo%C3%AB': 308,
    '/users/zo%C3%AB/100%25%20%E6%97%A5%E6%9C%AC/': 308,
    '/users/zo%C3%8B/x': 404,
    '/users/zo%C3%AB/%E6%97%A5%2F..': 404,
    '/users/zo%C3%AB/%00': 404,
    '/users/%00/x': 404,
    '/users/..%2Fetc/x': 404,
    '/users//x': 404,
    '/users/zo%C3%AB/..': 404,
    '/users/@/x': 404,
    '/users/zo%/x': 400,
    '/users/zo%C3/x': 400,
    [`/users/zo%C3%AB/${'x'.repeat(1900)}`]: 404,
    [`/users/zo%C3%AB/${'x'.repeat(5000)}`]: 414,
  }
  for (const [path, status] of Object.entries(answers))
    expect([path, (await ask(url, path)).status]).toEqual([path, status])
  expect((await ask(url, '/users/zo%C3%AB?a=b')).headers['location']).toBe('/users/zo%C3%AB/?a=b')
})
