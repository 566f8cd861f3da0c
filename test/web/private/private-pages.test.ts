import { describe, expect, it } from 'vitest'
import { Note } from '../../../src/bundled/notes/notebook.js'
import { INotes } from '../../../src/bundled/notes/notes-application.js'
import { notes } from '../../../src/bundled/notes/offering.js'
import { deprive } from '../../../src/offerings/deprive.js'
import { LocalUserBrowser } from '../../../src/offerings/site-items/administration.js'
import { PrivateApplication } from '../../../src/offerings/site-items/private-application.js'
import { WebSite } from '../../../src/offerings/site-items/web-site.js'
import { webIDOf } from '../../../src/web/private/web-id.js'
import { sharedByFile } from '../../support/at-end.js'
import { accountOf, notesOf, startNotesSite, storeOf, writeNote } from '../../support/notes-site.js'
import { loggedIn, WebBrowser } from '../../support/web-browser.js'

const shared = sharedByFile(() => startNotesSite('alice@example.com', 'bob@example.com'))

describe('private pages', () => {
  it('are for people who have logged in, and come back to where one wanted to go', async () => {
    const visitor = new WebBrowser(shared().url)
    for (const path of ['/private/', '/private/0123456789abcdef?edit=1&x=%C3%A4']) {
      const { status, headers } = await visitor.get(path)
      expect([status, headers.get('location')]).toEqual([303, `/login?next=${encodeURIComponent(path)}`])
    }
    const asJson = await visitor.get('/private/', { accept: 'application/json' })
    const posted = await visitor.post('/private/0123456789abcdef/write', {})
    expect([asJson.status, posted.status]).toEqual([401, 401])
  })

  it('show the tabs of what somebody has been given', async () => {
    const { people, url, site } = shared()
    const { status, headers } = await new WebBrowser(url).get('/private')
    expect([status, headers.get('location')]).toEqual([308, '/private/'])
    const page = await people[0].get('/private/')
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(page.text).toContain('<nav aria-label="Site">')
    const carol = await loggedIn({ site, url }, 'carol@example.com').get('/private/')
    expect([carol.status, carol.text]).toEqual([200, expect.stringContaining('There is nothing here yet.')])
    expect(storeOf(shared(), 'carol@example.com').query(PrivateApplication).count()).toBe(1)
  })

  it('gives a store what the original has for those who log in with a browser, once and without rights', async () => {
    const { people } = shared()
    for (let visit = 0; visit < 2; visit += 1) await people[1].get('/private/')
    const store = storeOf(shared(), 'bob@example.com')
    const counts = [PrivateApplication, WebSite, LocalUserBrowser].map(each => store.query(each).count())
    expect(counts).toEqual([1, 1, 0])
  })

  it('have the addresses that the private key of the store gives them, also an old one', async () => {
    const { people } = shared()
    const store = storeOf(shared(), 'alice@example.com')
    await people[0].get('/private/')
    const application = store.findUnique(PrivateApplication)
    const own = (key: bigint) => `/private/${webIDOf(key, (store.powerupsFor(INotes) as Note[])[0]?.storeID ?? 0)}`
    const [before, kept] = [application.privateKey ?? 0n, 81985529216486895n]
    expect(await notesOf(people[0])).toBe(own(before))
    application.privateKey = kept
    expect(await notesOf(people[0])).toBe(own(kept))
    expect((await people[0].get(own(before))).status).toBe(404)
    application.privateKey = before
  })

  it('are of the own store only: nobody reaches an item of somebody else, or one without a page', async () => {
    const { people } = shared()
    const path = await writeNote(people[0], { title: 'Mine', body: 'a secret' })
    expect((await people[0].get(path)).text).toContain('a secret')
    const theirs = await people[1].get(path)
    expect([theirs.status, theirs.text.includes('a secret')]).toEqual([404, false])
    const store = storeOf(shared(), 'alice@example.com')
    const { storeID, privateKey } = store.findUnique(PrivateApplication)
    for (const odd of [
      webIDOf(privateKey ?? 0n, storeID),
      webIDOf(privateKey ?? 0n, 999999),
      'x',
      '..%2f..',
      '0'.repeat(2000),
    ])
      expect([odd, (await people[0].get(`/private/${odd}`)).status]).toEqual([odd, 404])
    const posted = await people[1].submit(await notesOf(people[1]), `${path}/delete`, {})
    expect([posted.status, store.query(Note).count()]).toEqual([404, 1])
  })

  it('do nothing without the token of a form, and nothing that is no action', async () => {
    const { people } = shared()
    const path = await writeNote(people[0], { title: 'Kept' })
    const without = await people[0].post(`${path}/delete`, {})
    const foreign = await people[0].submit(path, `${path}/delete`, { _csrf: 'x' })
    const bobs = await people[1].get(await notesOf(people[1]))
    const [, token = ''] = /name="_csrf" value="([^"]*)"/.exec(bobs.text) ?? []
    const stolen = await people[0].post(`${path}/delete`, { _csrf: token })
    expect([without.status, foreign.status, stolen.status]).toEqual([403, 403, 403])
    for (const action of ['constructor', 'toString', '__proto__', 'nothing'])
      expect((await people[0].submit(path, `${path}/${action}`, {})).status).toBe(404)
    expect((await people[0].get(`${path}/delete`)).status).toBe(404)
    expect((await people[0].get(path)).status).toBe(200)
  })

  it('come again with what was typed and the reason when an action refuses it, and nothing has changed', async () => {
    const { people } = shared()
    const tab = await notesOf(people[0])
    const before = storeOf(shared(), 'alice@example.com').query(Note).count()
    const refused = await people[0].submit(tab, `${tab}/write`, {
      title: '',
      body: ' ',
      tags: 'kept "tags"',
      notebook: 'N',
    })
    expect(refused.status).toBe(400)
    expect(refused.text).toContain('<p class="alert" role="alert">A note needs a title or a text.</p>')
    expect(refused.text).toContain('value="kept &quot;tags&quot;"')
    await people[0].submit(tab, `${tab}/begin`, { name: 'Twice' })
    const twice = await people[0].submit(tab, `${tab}/begin`, { name: 'tWICE' })
    expect([twice.status, twice.text]).toEqual([409, expect.stringContaining('There is a notebook tWICE already.')])
    expect(storeOf(shared(), 'alice@example.com').query(Note).count()).toBe(before)
  })

  it('go with the powerup that was taken away, and come back with it', async () => {
    const { site, people } = shared()
    const [tab, path] = [await notesOf(people[1]), await writeNote(people[1], { title: 'Bread' })]
    deprive(site, accountOf(shared(), 'bob@example.com'), notes)
    const [gone, note, home] = [await people[1].get(tab), await people[1].get(path), await people[1].get('/private/')]
    expect([gone.status, note.status, home.text.includes('>Notes</a>')]).toEqual([404, 404, false])
  })
})
