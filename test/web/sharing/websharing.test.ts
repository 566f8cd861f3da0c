import { expect, it } from 'vitest'
import { setDefaultShare } from '../../../src/sharing/default-share.js'
import { getRole } from '../../../src/sharing/named-roles.js'
import { shareItem } from '../../../src/sharing/share-item.js'
import { startSite } from '../../support/started-site.js'
import { loggedIn, WebBrowser } from '../../support/web-browser.js'
import { ask, createUser, ICooked, IRecipe, ISpice, Spice, shareRecipe, storeOf } from './shared-recipes.js'

it('shows a share as HTML and as JSON, and the default share at the slash', async () => {
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
})
