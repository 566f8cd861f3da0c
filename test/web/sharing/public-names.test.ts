import { domainToASCII } from 'node:url'
import { expect, it } from 'vitest'
import { addLoginMethod } from '../../../src/accounts/login-methods.js'
import { formatAddress, parseAddress } from '../../../src/base/address.js'
import { recordTombstone } from '../../../src/site/tombstones.js'
import { virtualHostOf } from '../../../src/web/sharing/personal-hosts.js'
import { startSite } from '../../support/started-site.js'
import { ask, createUser, shareRecipe } from './shared-recipes.js'

it('behaviour 121: somebody else’s address elsewhere is no name, whatever it is', async () => {
  const { site, url } = await startSite()
  const [alice, bob] = ['alice@example.com', 'bob@example.com'].map(address => createUser(site, address))
  if (alice === undefined || bob === undefined) throw new Error('nobody')
  const method = { ...parseAddress('bob@elsewhere.example'), protocol: 'email', internal: false, verified: true }
  addLoginMethod(alice, method)
  for (const [account, shareID] of [
    [alice, 'of-alice'],
    [bob, 'of-bob'],
  ] as const)
    shareRecipe(account, shareID)
  const statusOf = async (path: string) => (await ask(url, path)).status
  expect(await Promise.all(['/users/bob/of-bob', '/users/bob/of-alice'].map(statusOf))).toEqual([200, 404])
  expect(await statusOf('/users/bob@elsewhere.example/of-alice')).toBe(404)
})

it('tells one localpart in several domains apart by where the visitor came to, and by the whole address', async () => {
  const { site, url } = await startSite({ hostname: 'example.com' })
  for (const domain of ['example.com', 'example.org', 'example.net'])
    shareRecipe(createUser(site, `alice@${domain}`), `at-${domain}`)
  for (const domain of ['example.org', 'example.net']) shareRecipe(createUser(site, `bob@${domain}`), `at-${domain}`)
  const statusOf = async (path: string, host?: string) =>
    (await ask(url, path, host === undefined ? {} : { host })).status
  expect(await statusOf('/users/alice/at-example.com')).toBe(200)
  expect(await statusOf('/users/alice/at-example.org', 'example.org:8080')).toBe(200)
  expect(await statusOf('/users/alice/at-example.com', 'example.org:8080')).toBe(404)
  expect(await statusOf('/users/alice@example.net/at-example.net', 'example.org')).toBe(200)
  expect(await statusOf('/users/bob/at-example.org', 'example.org')).toBe(200)
  // None of them is in the site's own domain.
  expect(await statusOf('/users/bob/')).toBe(404)
})

it('takes no name of an offering for that of a person, once somebody was found', async () => {
  const { site, url } = await startSite()
  shareRecipe(createUser(site, 'alice@example.com'), 'soup')
  const statusOf = async (path: string) => (await ask(url, path, { host: 'example.com' })).status
  expect(await statusOf('/users/alice/soup')).toBe(200)
  expect(await statusOf('/users%20example.com%20alice/soup')).toBe(404)
})

it('behaviour 123: hosts of people are known by their names, with a port or without', async () => {
  const { site, url } = await startSite({ hostname: 'example.com' })
  createUser(site, 'zoë@exämple.org')
  shareRecipe(createUser(site, 'alice@example.com'), 'soup')
  const ownerOf = (host: string) => {
    const owner = virtualHostOf(site, host)
    return owner === undefined ? undefined : formatAddress(owner)
  }
  for (const host of ['alice.example.com', 'alice.example.com:8080', 'ALICE.example.com.:1'])
    expect(ownerOf(host)).toBe('alice@example.com')
  expect(ownerOf(domainToASCII('zoë.exämple.org'))).toBe('zoë@exämple.org')
  expect(ownerOf('a.b.example.com')).toBe('a.b@example.com')
  for (const host of [
    'example.com',
    'www.example.com:80',
    'alice.elsewhere.example',
    '127.0.0.1:80',
    '[::1]',
    'x',
    '',
    '.',
  ])
    expect([host, ownerOf(host)]).toEqual([host, undefined])

  const page = await ask(url, '/soup?for=two', { host: 'alice.example.com:8080' })
  expect(page.status).toBe(200)
  expect(page.text).toContain('nobody at /soup asked for two')
  expect(page.text).toMatch(/href="http:\/\/example.com:\d+\/login\?next=%2Fusers%2F/)
  expect((await ask(url, '/soup/', { host: 'alice.example.com' })).headers['location']).toBe('/soup')
  expect((await ask(url, '/', { host: 'alice.example.com' })).status).toBe(404)
  expect((await ask(url, '/soup', { host: 'nobody.example.com' })).status).toBe(404)
  expect((await ask(url, '/static/mantissa/mantissa.css', { host: 'alice.example.com' })).status).toBe(200)
})

it('sends visitors of somebody who has moved after them', async () => {
  const { site, url } = await startSite()
  const away = { storeId: 's', epoch: 2, targetPath: null, targetSiteId: null, transferId: null }
  site.store.transact(() => {
    for (const address of ['carol@example.com', 'carol@example.org'])
      recordTombstone(site, parseAddress(address), { ...away, publicUrl: 'https://other.example/' })
    recordTombstone(site, parseAddress('dave@example.org'), { ...away, publicUrl: null })
    recordTombstone(site, { localpart: 'polls', domain: null }, { ...away, publicUrl: 'https://other.example' })
  })
  const to = async (path: string, host = 'example.com') => {
    const { status, headers } = await ask(url, path, { host })
    return [status, headers['location']]
  }
  expect(await to('/users/carol/x%20y?a=b')).toEqual([307, 'https://other.example/users/carol@example.com/x%20y?a=b'])
  expect(await to('/users/carol')).toEqual([307, 'https://other.example/users/carol@example.com'])
  expect(await to('/users/Carol@example.ORG/')).toEqual([307, 'https://other.example/users/carol@example.org/'])
  expect(await to('/x', 'carol.example.com')).toEqual([307, 'https://other.example/users/carol@example.com/x'])
  expect(await to('/polls/x?a')).toEqual([307, 'https://other.example/polls/x?a'])
  expect((await to('/users/dave/x'))[0]).toBe(410)
  expect((await ask(url, '/users/carol/x', { method: 'HEAD' })).status).toBe(307)
  for (const path of ['/users/carol/x/cook', '/users/carol/x', '/users/carol/'])
    expect((await ask(url, path, { method: 'POST' })).status).toBe(421)
  createUser(site, 'dave@example.com')
  expect((await to('/users/dave/'))[0]).toBe(404)
})
