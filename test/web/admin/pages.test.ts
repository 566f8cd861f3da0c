import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { subStoreOf } from '../../../src/accounts/account-rows.js'
import { recordTombstone } from '../../../src/site/tombstones.js'
import { addUser } from '../../support/sites.js'
import { sharedAdminSite } from './admin-site.js'

const site = sharedAdminSite()

/** What a page shows, without what is different each time. */
const HEADINGS = /<h1>([^<]*)<\/h1>/

it.each([
  ['/admin', 'Administration'],
  ['/admin/users', 'Users'],
  ['/admin/users/new', 'Create a user'],
  ['/admin/offerings', 'Offerings'],
  ['/admin/offerings/notes', 'notes'],
  ['/admin/products', 'Products'],
  ['/admin/sessions', 'Sessions'],
  ['/admin/ports', 'Ports'],
  ['/admin/shares', 'Shares'],
  ['/admin/events', 'Events'],
  ['/admin/audit', 'Audit log'],
])('shows an administrator %s', async (path, heading) => {
  const { status, text, headers } = await site().admin().get(path)
  expect([status, HEADINGS.exec(text)?.[1]]).toEqual([200, heading])
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/)
  expect(text).toContain('<nav aria-label="Administration">')
})

it('leads administrators there, and nobody else', async () => {
  expect((await site().admin().get('/nothing')).text).toContain('href="/admin"')
  expect((await site().as('ports@example.com').get('/nothing')).text).toContain('href="/admin"')
  expect((await site().as('bob@example.com').get('/nothing')).text).not.toContain('href="/admin"')
})

it('shows links to what somebody may see, and nothing else', async () => {
  const { text } = await site().as('people@example.com').get('/admin/audit')
  const links = [...text.matchAll(/<a href="(\/admin[^"]*)"/g)].map(([, path]) => path)
  expect(new Set(links)).toEqual(
    new Set(['/admin', '/admin/users', '/admin/sessions', '/admin/shares', '/admin/events', '/admin/audit']),
  )
})

it('tells the names of users to those only who may see users', async () => {
  await expect.poll(async () => (await site().admin().get('/admin')).text).toContain('Largest stores</h2>')
  await expect.poll(async () => (await site().admin().get('/admin')).text).toContain('>bob@example.com</a>')
  expect((await site().as('ports@example.com').get('/admin')).text).not.toContain('bob@example.com')
})

it('says of a user what is known of them', async () => {
  const { text } = await site().admin().get(site().pageOf('root@example.com'))
  for (const fact of ['root@example.com', 'enabled', 'of everything', 'this one', 'Nothing has failed.'])
    expect(text).toContain(fact)
})

it('says of a user whose store cannot be read what the site knows', async () => {
  const account = addUser(site().started.site, 'broken@example.com')
  writeFileSync(join(subStoreOf(account)?.storepath ?? '', 'db.sqlite'), 'no database '.repeat(500))
  const { status, text } = await site().admin().get(site().pageOf('broken@example.com'))
  expect([status, text]).toEqual([200, expect.stringContaining('The store of this user cannot be read')])
  expect((await site().as('broken@example.com').get('/admin')).status).toBe(404)
})

it('says where somebody went who has moved away', async () => {
  const { site: here } = site().started
  const stone = { storeId: 'x', epoch: 1, targetPath: null, targetSiteId: null, transferId: null }
  const address = { localpart: 'gone', domain: 'example.com' }
  here.store.transact(() => recordTombstone(here, address, { ...stone, publicUrl: 'https://there.example/' }))
  expect((await site().admin().get('/admin/users?q=Gone@example.com')).text).toContain(
    'has moved to https://there.example/',
  )
})

it('has no page for what is no person', async () => {
  const { store } = site().started.site
  const application = store.sql.value<number>("SELECT account FROM item_login_method_v2 WHERE localpart = 'notes'")
  const numbers = [
    String(application),
    '0',
    '-1',
    '1e3',
    '99999',
    '9'.repeat(30),
    '%00',
    '..%2f..',
    String(store.sql.value('SELECT max(oid) FROM axiom_objects')),
  ]
  for (const number of numbers) expect((await site().admin().get(`/admin/users/${number}`)).status).toBe(404)
})

it('says what runs, and of what version', async () => {
  const { text } = await site().admin().get('/admin')
  const { version, services } = site().started.node.state()
  for (const fact of [version, ...services.map(({ name }) => name)]) expect(text).toContain(fact)
  expect(text).toContain(new URL(site().started.url).host)
})

it('shows only a part of the page anew', async () => {
  const { status, text } = await site().admin().get('/admin/overview/live')
  expect(status).toBe(200)
  expect(text).not.toContain('<html')
  expect(text).toMatch(/<svg [^>]*role="img" aria-label="Requests, from 1 h ago to now: All [^"]+"/)
})
