import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Note } from '../../src/bundled/notes/notebook.js'
import { sharedByFile } from '../support/at-end.js'
import { inStoreOf } from '../support/carried-user.js'
import { writeNote } from '../support/notes-site.js'
import { publicNote } from '../support/public-note.js'
import { ServedSite } from '../support/served-site.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { WebBrowser } from '../support/web-browser.js'

const PEOPLE = ['alice', 'bob', 'carol', 'dave'].map(name => `${name}@example.com`)
const TO_LOGIN = '/login?next=%2Fprivate%2F'

const shared = sharedByFile(async () => {
  const site = await ServedSite.make(join(temporaryDirectory(), 'site.axiom'), { people: PEOPLE, offerings: ['notes'] })
  await site.start()
  return site
})

async function homeOf(browser: WebBrowser): Promise<string | number> {
  const { status, headers } = await browser.get('/private/')
  return headers.get('location') ?? status
}

it('a session ends with the verb that disables its account, or changes the password', async () => {
  const site = shared()
  const [bob, carol] = [site.browser('bob@example.com'), site.browser('carol@example.com')]
  expect([await homeOf(bob), await homeOf(carol)]).toEqual([200, 200])
  await site.say('usermod bob@example.com --disable')
  expect(await homeOf(bob)).toBe(TO_LOGIN)
  await site.say('passwd carol@example.com --generate')
  expect(await homeOf(carol)).toBe(TO_LOGIN)
})

it('somebody who is removed is gone, and whoever gets the name has nothing of theirs', async () => {
  const site = shared()
  const old = site.browser('dave@example.com')
  const { shown } = await publicNote(old, 'Old')
  const page = async () => (await new WebBrowser(site.url).get(shown)).status
  expect(await page()).toBe(200)
  await site.say('userdel dave@example.com --purge --confirm dave@example.com')
  expect([await page(), await homeOf(old), site.openFilesOf('dave')]).toEqual([404, TO_LOGIN, []])
  await site.say('useradd dave@example.com --generate --reuse-name')
  await site.say('offering endow dave@example.com notes')
  const renewed = site.browser('dave@example.com')
  const { shown: another } = await publicNote(renewed, 'New')
  expect([await page(), await homeOf(old), await homeOf(renewed)]).toEqual([404, TO_LOGIN, 200])
  expect((await new WebBrowser(site.url).get(another)).text).toContain('<h1>New</h1>')
})

it('a share is seen by the next request, and after its end by none', async () => {
  const site = shared()
  await writeNote(site.browser('alice@example.com'), { title: 'By verb' })
  const id = inStoreOf(site, 'alice@example.com', store => store.findUnique(Note).storeID)
  const page = async () => (await new WebBrowser(site.url).get('/users/alice/verb')).status
  expect(await page()).toBe(404)
  await site.say(`share create alice@example.com ${id} --to everyone --interface mantissa.notes.INote --id verb`)
  expect(await page()).toBe(200)
  await site.say('share remove alice@example.com verb --yes')
  expect(await page()).toBe(404)
})

it('a port answers when it is made, and is closed when it is deleted', async () => {
  const site = shared()
  const { port, listening } = JSON.parse(await site.say('port create tcp:0:interface=127.0.0.1 --json'))
  const page = () => fetch(`http://${listening}/login`).then(({ status }) => status)
  expect(await page()).toBe(200)
  await site.say(`port delete ${port}`)
  await expect(page()).rejects.toThrow('fetch failed')
})

it('an offering that is installed has pages without a restart', async () => {
  const site = await ServedSite.make(join(temporaryDirectory(), 'site.axiom'), {
    people: PEOPLE.slice(0, 1),
    offerings: [],
  })
  await site.start()
  const alice = site.browser('alice@example.com')
  expect([(await alice.get('/notes/')).status, (await alice.get('/private/')).text.includes('>Notes<')]).toEqual([
    404,
    false,
  ])
  await site.say('offering install notes')
  await site.say('offering endow alice@example.com notes')
  const { shown } = await publicNote(alice, 'First')
  expect((await alice.get('/notes/')).status).toBe(200)
  expect((await new WebBrowser(site.url).get(shown)).text).toContain('<h1>First</h1>')
})
