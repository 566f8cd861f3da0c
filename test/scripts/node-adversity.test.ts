import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openElsewhere } from '../store-engine/other-process.js'
import { mountSmallDisk } from '../store-engine/small-disk.js'
import { sharedByFile } from '../support/at-end.js'
import { notesOf } from '../support/notes-site.js'
import { countNotes, publicNote } from '../support/public-note.js'
import { ServedSite } from '../support/served-site.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { Visits } from '../support/visits.js'
import { type WebAnswer, WebBrowser } from '../support/web-browser.js'

const [ALICE, BOB, CAROL] = ['alice@example.com', 'bob@example.com', 'carol@example.com'] as const

/** A site whose people have a public note each; its node runs. */
async function siteOfThree(directory: string) {
  const site = await ServedSite.make(directory, { people: [ALICE, BOB, CAROL], offerings: ['notes'] })
  await site.start()
  const pages = new Map<string, string>()
  for (const address of [ALICE, BOB, CAROL])
    pages.set(address, (await publicNote(site.browser(address), 'For all')).shown)
  return { site, page: (address: string) => new WebBrowser(site.url).get(pages.get(address) ?? '') }
}

const shared = sharedByFile(() => siteOfThree(join(temporaryDirectory(), 'site.axiom')))

/** Has a form of a new note sent. */
async function write(browser: WebBrowser, title: string): Promise<WebAnswer> {
  const home = await notesOf(browser)
  return browser.submit(`${home}?new=`, `${home}/write`, { title })
}

function logIn({ url }: ServedSite, address: string): Promise<WebAnswer> {
  return new WebBrowser(url).submit('/login', '/login', { name: address, password: 'password' })
}

it('a node that is killed while it is busy starts again at its ports, and what it has acknowledged is there', async () => {
  const { site, page } = shared()
  const alice = site.browser(ALICE)
  const home = await notesOf(alice)
  const visits = new Visits()
  const written: string[] = []
  visits.keep('page', () => page(BOB))
  visits.keep(
    'write',
    async () => {
      const title = `note ${visits.count('write')}`
      const answer = await alice.submit(`${home}?new=`, `${home}/write`, { title })
      if (answer.status === 303) written.push(title)
      return answer
    },
    100,
  )
  await expect.poll(() => written.length).toBeGreaterThan(2)
  expect(await site.node.end('SIGKILL')).toBe('SIGKILL')
  await expect.poll(() => visits.answers).toContain('page 0')
  await visits.stop()
  expect(visits.answers.filter(each => !/ (?:0|200|303)$/.test(each))).toEqual([])

  const { pid } = await site.start()
  expect(JSON.parse(await site.say('status --json'))).toMatchObject({ status: 'running', pid })
  expect((await page(BOB)).status).toBe(200)
  for (const title of written) expect([title, await countNotes(alice, title)]).toEqual([title, 1])
  await site.say('check')
})

it('what a node has begun when it is told to stop, it finishes', async () => {
  const { site } = shared()
  const browsers = [ALICE, BOB, CAROL].map(() => new WebBrowser(site.url))
  const forms = await Promise.all(browsers.map(browser => browser.get('/login')))
  const logins = forms.map(({ text }, place) => {
    const [, token = ''] = /name="_csrf" value="([^"]*)"/.exec(text) ?? []
    return browsers[place]?.post('/login', { _csrf: token, name: ALICE, password: 'password' })
  })
  const first = await Promise.race(logins)
  const ended = site.node.end('SIGTERM')
  const others = await Promise.all(logins)
  expect([first, ...others].map(answer => answer?.status)).toEqual([303, 303, 303, 303])
  expect(await ended).toBe(0)
  await expect(fetch(site.url)).rejects.toThrow()
  await site.start()
})

it('while somebody else writes to the stores, pages are shown, and writes wait for five seconds and not longer', async () => {
  const { site, page } = shared()
  const alice = site.browser(ALICE)
  const form = await notesOf(alice)
  const stores = [site.directory, join(site.directory, 'files/account/example.com/alice.axiom')]
  const others = await Promise.all(stores.map(openElsewhere))
  for (const other of others) await other.ask('BEGIN IMMEDIATE')
  const refused = Promise.all([logIn(site, ALICE), alice.submit(`${form}?new=`, `${form}/write`, { title: 'late' })])
  const done = refused.then(() => 'refused')
  const seen = new Set<number>()
  while ((await Promise.race([done, page(ALICE), page(BOB)])) !== 'refused') seen.add((await page(CAROL)).status)
  expect(seen).toEqual(new Set([200]))
  for (const { status, headers } of await refused) expect([status, headers.get('retry-after')]).toEqual([503, '5'])

  const patient = Promise.all([logIn(site, BOB), write(alice, 'in time')])
  await page(ALICE)
  for (const other of others) await other.ask('COMMIT')
  expect((await patient).map(({ status }) => status)).toEqual([303, 303])
  expect([await countNotes(alice, 'late'), await countNotes(alice, 'in time')]).toEqual([0, 1])
})

it('a store that is damaged or lost fails for its owner only, and the log says what to do', async () => {
  const { site, page } = shared()
  const [bob, carol] = [site.browser(BOB), site.browser(CAROL)]
  await site.node.end()
  const directoryOf = (name: string) => join(site.directory, `files/account/example.com/${name}.axiom`)
  overwrite(join(directoryOf('alice'), 'db.sqlite'))
  await site.start()
  await page(BOB)
  renameSync(directoryOf('bob'), `${directoryOf('bob')}-elsewhere`)
  const statuses = async () => [await page(ALICE), await page(BOB), await page(CAROL)].map(({ status }) => status)
  // What visitors were shown a moment ago is shown for a second more.
  await expect.poll(statuses).toEqual([500, 500, 200])
  expect([(await bob.get('/private/')).status, (await carol.get('/private/')).status]).toEqual([500, 200])
  const { text } = await page(BOB)
  expect(text).not.toContain(site.directory)
  const number = /<code>([0-9A-Z]{26})</.exec(text)?.[1]
  const told = () => site.node.log().filter(({ level }) => level === 'error')
  await expect
    .poll(() => told().find(each => each['number'] === number))
    .toMatchObject({
      err: { code: 'NOT_A_STORE', message: expect.stringContaining('bob.axiom'), hint: expect.stringMatching(/./) },
    })
  expect(told().find(({ err }) => (err as { code?: string }).code === 'STORE_DAMAGED')).toMatchObject({
    err: { hint: expect.stringContaining('backup') },
  })
  renameSync(`${directoryOf('bob')}-elsewhere`, directoryOf('bob'))
  expect((await bob.get('/private/')).status).toBe(200)
})

it('on a full disk pages are shown, writes are refused and told in the log, and all is well when there is room again', async context => {
  const disk = mountSmallDisk(8 * 1024)
  if (disk === undefined) return context.skip('mounting a file system is not permitted here')
  const { site, page } = await siteOfThree(join(disk.directory, 'site.axiom'))
  const alice = site.browser(ALICE)
  const home = await notesOf(alice)
  disk.fill(0)
  const wide = { title: 'wide', body: 'x'.repeat(100_000) }
  const refused = await alice.submit(`${home}?new=`, `${home}/write`, wide)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
  expect((await page(ALICE)).status).toBe(200)
  rmSync(join(disk.directory, 'ballast'))
  expect((await alice.submit(`${home}?new=`, `${home}/write`, wide)).status).toBe(303)
  expect(await countNotes(alice, 'wide')).toBe(1)
  expect(await site.node.end()).toBe(0)
  expect(site.node.err()).toContain('DISK_FULL')
})

/** Leaves nothing of a database but its first hundred bytes. */
function overwrite(path: string): void {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(statSync(path).size - 100, 0xaa), 0, null, 100)
  closeSync(file)
}
