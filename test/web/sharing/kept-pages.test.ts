import { describe, expect, it } from 'vitest'
import { createAccount } from '../../../src/accounts/create-account.js'
import { parseAddress } from '../../../src/base/address.js'
import { html } from '../../../src/base/html.js'
import { registerInterfaceRenderer } from '../../../src/sharing/pages/renderer.js'
import { getEveryoneRole } from '../../../src/sharing/roles.js'
import { shareItem, unshare } from '../../../src/sharing/share-item.js'
import { integer, text } from '../../../src/store-engine/attributes/attributes.js'
import { item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import { defineInterface } from '../../../src/store-engine/powerups/interface.js'
import { Store } from '../../../src/store-engine/store.js'
import { sharedByFile } from '../../support/at-end.js'
import { storeOf } from '../../support/notes-site.js'
import { startSite } from '../../support/started-site.js'
import { loggedIn, WebBrowser } from '../../support/web-browser.js'

const ICounted = defineInterface<{ words: string; hasForm: number }>('test.ICounted', ['words', 'hasForm'])

class Counted extends item({
  typeName: 'test_counted',
  version: 1,
  module: 'axiom.item',
  attributes: { words: text({ allowNull: false }), hasForm: integer({ allowNull: false, default: 0 }) },
  powerupInterfaces: [ICounted],
}) {}
registerItemTypes(Counted)

registerInterfaceRenderer(ICounted, {
  html: ({ words, hasForm }, request) => {
    const form = hasForm === 1 ? request.form('go', html`<button>Go</button>`) : null
    return { title: words, body: html`<p>${request.viewer.address ?? 'nobody'}</p>${form}` }
  },
})

const shared = sharedByFile(async () => {
  const started = await startSite()
  createAccount(started.site, { address: parseAddress('alice@example.com'), passwordHash: null })
  return started
})

/** Something new that everybody may see, under that ID. */
function share(shareID: string, hasForm = 0): Counted {
  const store = storeOf(shared(), 'alice@example.com')
  const counted = store.create(Counted, { words: `first ${shareID}`, hasForm })
  shareItem(getEveryoneRole(store), counted, { interfaces: [ICounted], shareID })
  return counted
}

const visitor = () => new WebBrowser(shared().url)

describe('a public page', () => {
  it('is the same for all who ask for it in one moment, with the same headers', async () => {
    share('once')
    const answers = []
    for (let time = 0; time < 3; time += 1) answers.push(await visitor().get('/users/alice/once'))
    const [first, ...others] = answers.map(({ status, text, headers }) => {
      const { date, ...rest } = Object.fromEntries(headers)
      return { status, text, date: typeof date, ...rest }
    })
    expect(first).toMatchObject({ status: 200, 'cache-control': 'no-cache', vary: 'Accept, Cookie' })
    expect(others).toEqual([first, first])
  })

  it('is made anew as soon as anybody has changed anything of it', async () => {
    const counted = share('changed')
    const store = storeOf(shared(), 'alice@example.com')
    const shown = async () => (await visitor().get('/users/alice/changed')).text
    expect(await shown()).toContain('<h1>first changed</h1>')
    counted.words = 'second'
    expect(await shown()).toContain('<h1>second</h1>')
    const other = Store.open(store.directory ?? '')
    ;(other.getItemById(counted.storeID) as Counted).words = 'third'
    other.close()
    expect(await shown()).toContain('<h1>third</h1>')
    unshare(counted, { role: getEveryoneRole(store) })
    expect((await visitor().get('/users/alice/changed')).status).toBe(404)
  })

  it('is another one for another host, another form, and somebody who is known', async () => {
    share('forms')
    const path = '/users/alice/forms'
    const page = await visitor().get(path)
    expect(page.text).toContain('<p>nobody</p>')
    const json = await visitor().get(path, { accept: 'application/json' })
    expect(JSON.parse(json.text)).toEqual({ words: 'first forms', hasForm: 0 })
    expect((await loggedIn(shared(), 'bob@example.com').get(path)).text).toContain('<p>bob@example.com</p>')
    expect((await visitor().get(path)).text).toBe(page.text)
    const known = await visitor().get(path, { 'if-none-match': page.headers.get('etag') ?? '' })
    expect([known.status, known.text]).toEqual([304, ''])
    expect((await visitor().get(`${path}?x=1`)).status).toBe(200)
  })

  it('is never kept with the form of somebody else in it', async () => {
    share('form', 1)
    const tokens = []
    for (let time = 0; time < 2; time += 1) {
      const { text, headers } = await visitor().get('/users/alice/form')
      expect(headers.get('cache-control')).toBe('private, no-cache')
      tokens.push(/name="_csrf" value="([^"]+)"/.exec(text)?.[1])
    }
    expect(new Set(tokens).size).toBe(2)
  })
})
