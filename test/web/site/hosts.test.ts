import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createAccount } from '../../../src/accounts/create-account.js'
import { parseAddress } from '../../../src/base/address.js'
import { NODE_BUSY_TIMEOUT } from '../../../src/node/patience.js'
import { createSite } from '../../../src/offerings/create-site.js'
import { SslPort, TcpPort } from '../../../src/offerings/site-items/ports.js'
import { PUBLIC_URL, TRUSTED_PROXIES, writeSetting } from '../../../src/site/settings.js'
import { Site } from '../../../src/site/site.js'
import { nameIn } from '../../../src/web/site/site-hosts.js'
import { sharedByFile } from '../../support/at-end.js'
import { askAs, sendRaw } from '../../support/raw-http.js'
import { serve, startSite } from '../../support/started-site.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { CHEAP_HASH } from '../../support/web-browser.js'

/** A site with a port for HTTP and one for TLS, and the port numbers. */
async function serveBoth(prepare: (site: Site) => void = () => {}) {
  const directory = join(temporaryDirectory(), 'site.axiom')
  await createSite(directory, { hostname: 'example.com' })
  const site = Site.open(directory, { busyTimeout: NODE_BUSY_TIMEOUT })
  for (const portClass of [TcpPort, SslPort])
    Object.assign(site.store.findUnique(portClass), { portNumber: 0, interface: '127.0.0.1' })
  createAccount(site, { address: parseAddress('alice@müller.example'), passwordHash: CHEAP_HASH })
  prepare(site)
  const started = await serve(site)
  const [plain = 0, encrypted = 0] = started.node.ports.map(({ address }) =>
    typeof address === 'object' ? address.port : 0,
  )
  return { ...started, plain, encrypted, secureUrl: `https://127.0.0.1:${encrypted}` }
}

const both = sharedByFile(() => serveBoth())

describe('the Host header', () => {
  it.each([
    'example.com',
    'EXAMPLE.com:8080',
    'www.example.com',
    'example.com.',
    'localhost:1',
    '127.0.0.1',
    '[::1]:80',
    'xn--mller-kva.example',
    '192.0.2.7',
  ])('%s is ours', async host => {
    expect((await askAs(host, `${both().url}/`)).status).toBe(200)
  })

  it.each(['evil.example', 'example.com.evil.example', 'notexample.com', 'localhost.evil.example'])(
    '%s is not, and is sent on to a name that is',
    async host => {
      const answer = await askAs(host, `${both().url}/a?b=c`)
      expect([answer.status, answer.headers['location']]).toEqual([
        307,
        `https://example.com:${both().encrypted}/a?b=c`,
      ])
    },
  )

  it.each(['exa mple.com', 'example.com/x', 'user@example.com', '[::1', 'example.com:80:80', '[example.com]'])(
    '%j is no host',
    async host => {
      expect([307, 400]).toContain((await askAs(host, `${both().url}/`)).status)
      expect(nameIn(host)).toBe('')
    },
  )

  it('of somebody else cannot post anything here, nor is it sent on to a name that nobody has set', async () => {
    const head = 'POST /login HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n'
    expect(await sendRaw(both().url, head)).toMatch(/^HTTP\/1\.1 421 /)
    const { url } = await startSite({ hostname: 'localhost' })
    expect((await askAs('evil.example', `${url}/`)).status).toBe(421)
  })
})

describe('the login page', () => {
  it('is shown at the TLS port where there is one, except to who sits at the machine', async () => {
    const sent = await askAs('example.com', `${both().url}/login?next=/private/x`)
    expect([sent.status, sent.headers['location']]).toEqual([
      307,
      `https://example.com:${both().encrypted}/login?next=%2Fprivate%2Fx`,
    ])
    for (const host of ['localhost', '127.0.0.1']) expect((await askAs(host, `${both().url}/login`)).status).toBe(200)
    expect((await askAs('example.com', `${both().secureUrl}/login`)).status).toBe(200)
  })

  it('over TLS gives cookies that no other host can set and no plain page gets, and wants TLS from then on', async () => {
    const { headers } = await askAs('example.com', `${both().secureUrl}/login`)
    expect(String(headers['set-cookie'])).toMatch(/; Secure/)
    expect(headers['strict-transport-security']).toBe('max-age=31536000')
  })
})

it('the TLS port says nothing to who speaks no TLS, and wants TLS for ever at the usual port only', async () => {
  const answer = await sendRaw(`http://127.0.0.1:${both().encrypted}`, 'GET / HTTP/1.1\r\nHost: example.com\r\n\r\n')
  expect(answer).not.toContain('HTTP/')
  const { headers } = await askAs(`example.com:${both().encrypted}`, `${both().secureUrl}/login`)
  expect(headers['strict-transport-security']).toBeUndefined()
})

describe('a public URL', () => {
  it('is where others are sent, and makes cookies secure where it is encrypted by somebody in front of us', async () => {
    const { url } = await serveBoth(site => writeSetting(site, PUBLIC_URL, 'https://notes.example/'))
    expect((await askAs('evil.example', `${url}/x`)).headers['location']).toBe('https://notes.example/x')
    const page = await askAs('notes.example', `${url}/login`)
    expect([page.status, String(page.headers['set-cookie'])]).toEqual([200, expect.stringContaining('; Secure')])
    expect(String((await askAs('127.0.0.1', `${url}/login`)).headers['set-cookie'])).not.toContain('Secure')
  })
})

describe('a proxy', () => {
  it('is believed only where it is trusted', async () => {
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' }
    const told = ['loopback', 'nonsense']
    const { url, log } = await serveBoth(site => writeSetting(site, TRUSTED_PROXIES, told))
    const plain = await askAs('example.com', `${both().url}/login`, forwarded)
    expect(plain.headers['location']).toMatch(/^https:/)
    const trusted = await askAs('example.com', `${url}/login`, forwarded)
    expect([trusted.status, String(trusted.headers['set-cookie'])]).toEqual([200, expect.stringContaining('; Secure')])
    expect(log.lines.filter(({ level }) => level === 'error')).toMatchObject([{ facts: { proxy: 'nonsense' } }])
  })
})
