import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Note } from '../../src/bundled/notes/notebook.js'
import { TimedEvent } from '../../src/scheduling/timed-event.js'
import { Timestamp } from '../../src/store-engine/attributes/timestamp.js'
import { sharedByFile } from '../support/at-end.js'
import { inStoreOf, mailOf, sendMail, titlesOf } from '../support/carried-user.js'
import { notesOf } from '../support/notes-site.js'
import { publicNote } from '../support/public-note.js'
import { ServedSite } from '../support/served-site.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { Visits } from '../support/visits.js'
import { WebBrowser } from '../support/web-browser.js'

const ALICE = 'alice@example.com'

/** Two sites that are served, alice and bob in the first, each with a note for everybody. */
const shared = sharedByFile(async () => {
  const parent = temporaryDirectory()
  const here = await ServedSite.make(join(parent, 'here.axiom'), { people: [ALICE, 'bob@example.com'] })
  const there = await ServedSite.make(join(parent, 'there.axiom'))
  await Promise.all([here.start(), there.start()])
  const [alice, bob] = [here.browser(ALICE), here.browser('bob@example.com')]
  const note = (await publicNote(alice, 'For all')).shown
  inStoreOf(here, ALICE, store => {
    const time = Timestamp.fromMicroseconds(4_000_000_000_000_000n)
    store.create(TimedEvent, { time, runnable: store.findUnique(Note) })
  })
  return { here, there, alice, note, bobs: (await publicNote(bob, 'Bob’s')).shown }
})

/** What is done to alice, and what of it was acknowledged. */
class Doings {
  readonly visits = new Visits()
  readonly written: string[] = []
  readonly mailed: string[] = []
  #count = 0

  keepReading(here: ServedSite, there: ServedSite): void {
    const { note, bobs, alice } = shared()
    this.visits.keep('bob', () => new WebBrowser(here.url).get(bobs))
    this.visits.keep('her page, followed', () => followed(here.url, note))
    for (const [name, site] of Object.entries({ here, there }))
      this.visits.keep(`her page ${name}`, () => new WebBrowser(site.url).get(note))
    this.visits.keep('her own page', () => alice.get('/private/'))
  }

  keepWriting(here: ServedSite, there: ServedSite): void {
    const { alice } = shared()
    this.visits.keep('write', () => this.write(alice), 600)
    for (const [name, site] of Object.entries({ here, there }))
      this.visits.keep(`mail ${name}`, () => this.mail(site), 250)
  }

  /** A new note, by a form of a page that was shown before; 401 where the page is not shown any more. */
  async write(browser: WebBrowser) {
    const title = `written ${++this.#count}`
    const { status, text, headers } = await browser.get('/private/')
    const [, home] = /<a href="(\/private\/[0-9a-f]{16})">Notes<\/a>/.exec(text) ?? []
    if (home === undefined) return { status, headers }
    const form = await browser.get(`${home}?new=`)
    const [, token = ''] = /name="_csrf" value="([^"]*)"/.exec(form.text) ?? []
    const answer = await browser.post(`${home}/write`, { _csrf: token, title })
    if (answer.status === 303) this.written.push(title)
    return answer
  }

  async mail({ mailPort }: ServedSite) {
    const subject = `mail-${++this.#count}`
    const status = await sendMail(mailPort, ALICE, subject)
    if (status === 250) this.mailed.push(subject)
    return { status }
  }
}

/** What a visitor gets in the end who goes where they are sent. */
async function followed(url: string, path: string): Promise<{ status: number; headers: Headers }> {
  let answer = await fetch(url + path, { redirect: 'manual' })
  for (let sent = 0; answer.status === 307 && sent < 20; sent += 1) {
    await answer.text()
    answer = await fetch(answer.headers.get('location') ?? '', { redirect: 'manual' })
  }
  await answer.text()
  return answer
}

async function statusOf(url: string, method = 'GET'): Promise<[number, string | null]> {
  const { status, headers } = await fetch(url, { method, redirect: 'manual' })
  return [status, headers.get('location')]
}

/** What may be answered, before, after and while she moves; every 503 says when to ask again. */
const EXPECTED =
  /^(?:bob 200|her page here (?:200|307|503)|her page there (?:200|307|404|503)|her page, followed (?:200|503)|her own page (?:200|303)|write (?:303|401|503)|mail here (?:250|451|551)|mail there (?:250|451|550|551))$/

const WRONG = '403 Wrong address or password. null'

/** How a login is refused. */
async function refusalOf({ url }: ServedSite, name: string): Promise<string> {
  const { status, text, headers } = await new WebBrowser(url).submit('/login', '/login', { name, password: 'password' })
  return `${status} ${/role="alert">([^<]*)/.exec(text)?.[1]} ${headers.get('location')}`
}

it('a user moves while everything is asked of her, and comes back; nothing fails, and nothing that was acknowledged is lost', async () => {
  const { here, there, alice, note } = shared()
  const doings = new Doings()
  doings.keepReading(here, there)
  doings.keepWriting(here, there)
  while (doings.written.length < 2 || doings.mailed.length < 2) await setTimeout(10)
  await here.run(`transfer-user ${ALICE} --to ${there.directory}`)
  await doings.visits.more()

  expect(await statusOf(here.url + note, 'HEAD')).toEqual([307, `${there.url}/users/${ALICE}${note.slice(12)}`])
  expect(await statusOf(`${here.url}/users/alice/login`, 'POST')).toEqual([303, `${there.url}/login`])
  for (const method of ['PUT', 'DELETE', 'POST']) expect(await statusOf(here.url + note, method)).toEqual([421, null])
  expect(await statusOf(`${here.url}${note}/act`, 'POST')).toEqual([421, null])
  for (const name of ['nobody@example.com', ALICE]) expect(await refusalOf(here, name)).toBe(WRONG)
  expect(here.openFilesOf('alice')).toEqual([])
  expect((await alice.get('/private/')).headers.get('location')).toBe('/login?next=%2Fprivate%2F')
  const abroad = new WebBrowser(there.url)
  await abroad.submit('/login', '/login', { name: ALICE, password: 'password' })
  expect((await doings.write(abroad)).status).toBe(303)
  const { out } = await there.run(`events list --user ${ALICE} --json`)
  expect(JSON.parse(out)).toMatchObject([{ when: '2096-10-02T07:06:40.000000Z' }])

  await there.run(`transfer-user ${ALICE} --to ${here.directory}`)
  await doings.visits.more()
  await doings.visits.stop()
  expect(await statusOf(there.url + note)).toEqual([307, `${here.url}/users/${ALICE}${note.slice(12)}`])
  expect((await new WebBrowser(here.url).get(note)).text).toContain('<h1>For all</h1>')
  expect((await abroad.get('/private/')).status).toBe(303)
  const home = new WebBrowser(here.url)
  await home.submit('/login', '/login', { name: ALICE, password: 'password' })
  expect((await home.get(await notesOf(home))).text).toContain('For all')
  expect(there.openFilesOf('alice')).toEqual([])

  expect(doings.visits.answers.filter(each => !EXPECTED.test(each))).toEqual([])
  expect(doings.visits.seen.filter(({ status, retryAfter }) => status === 503 && retryAfter === null)).toEqual([])
  expect(titlesOf(here, ALICE).toSorted()).toEqual(['For all', ...doings.written].toSorted())
  expect(mailOf(here, ALICE).toSorted()).toEqual(doings.mailed.toSorted())
  for (const { node } of [here, there]) expect(node.log().filter(({ level }) => level === 'error')).toEqual([])
}, 60_000)

it('somebody leaves a site while its node is down, for one whose public URL nobody has told', async () => {
  const { here, there, note } = shared()
  await there.run('web --public-url none')
  await here.node.end()
  await here.run(`transfer-user ${ALICE} --to ${there.directory}`)
  expect((await new WebBrowser(there.url).get(note)).status).toBe(200)
  await here.start()
  expect(await statusOf(here.url + note)).toEqual([410, null])
  expect(await statusOf(`${here.url}/users/alice/login`, 'POST')).toEqual([410, null])
  expect(await statusOf(here.url + note, 'PUT')).toEqual([421, null])
}, 60_000)
