import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  ISessionlessSiteRootPlugin,
  ISiteRootPlugin,
  prefixPriority,
} from '../../../src/offerings/site-items/interfaces.js'
import { StaticRedirect, StaticSite } from '../../../src/offerings/site-items/static-content.js'
import { sharedByFile } from '../../support/at-end.js'
import { askAs, sendRaw } from '../../support/raw-http.js'
import { startSite } from '../../support/started-site.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { WebBrowser } from '../../support/web-browser.js'

const started = sharedByFile(async () => {
  const outside = temporaryDirectory()
  const inside = join(outside, 'public')
  mkdirSync(join(inside, 'guide'), { recursive: true })
  mkdirSync(join(inside, 'empty'))
  const files = {
    'index.html': '<p>home</p>',
    'a page.txt': 'text',
    '.hidden': 'from outside',
    'guide/index.html': '<p>guide</p>',
    'style.css': 'p { color: red }',
    '../secret.txt': 'from outside',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(inside, name), text)
  symlinkSync('../secret.txt', join(inside, 'link.txt'))
  symlinkSync('..', join(inside, 'up'))
  symlinkSync('guide', join(inside, 'near'))
  const site = await startSite({ offerings: ['notes'] })
  const { store } = site.site
  store.transact(() => {
    for (const prefixURL of ['docs', 'docs/deep'])
      store.powerUp(
        store.create(StaticSite, {
          prefixURL,
          staticContentPath: prefixURL === 'docs' ? inside : join(inside, 'guide'),
        }),
        ISessionlessSiteRootPlugin,
        prefixPriority(prefixURL),
      )
    for (const [prefixURL, targetURL] of [
      ['old', '/docs/'],
      ['elsewhere', 'https://example.org/x'],
      ['login', '/docs/'],
    ])
      store.powerUp(
        store.create(StaticRedirect, { prefixURL: prefixURL ?? '', targetURL: targetURL ?? '' }),
        ISiteRootPlugin,
        prefixPriority(prefixURL ?? ''),
      )
  })
  return { ...site, browser: new WebBrowser(site.url), inside }
})

function get(path: string) {
  return started().browser.get(path)
}

describe('a static directory', () => {
  it.each([
    ['/docs/', 'text/html; charset=utf-8', '<p>home</p>'],
    ['/docs/a%20page.txt', 'text/plain; charset=utf-8', 'text'],
    ['/docs/style.css', 'text/css; charset=utf-8', 'p { color: red }'],
    ['/docs/guide/', 'text/html; charset=utf-8', '<p>guide</p>'],
    ['/docs/near/', 'text/html; charset=utf-8', '<p>guide</p>'],
    ['/docs/deep/', 'text/html; charset=utf-8', '<p>guide</p>'],
  ])('shows %s', async (path, type, text) => {
    const answer = await get(path)
    expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([200, type, text])
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'")
    const again = await askAs('example.com', started().url + path, {
      'if-none-match': answer.headers.get('etag') ?? '',
    })
    expect([again.status, again.text]).toEqual([304, ''])
  })

  it.each([
    '/docs/none',
    '/docs/.hidden',
    '/docs/%2ehidden',
    '/docs/link.txt',
    '/docs/up/secret.txt',
    '/docs/up/',
    '/docs/empty/',
    '/docs/empty',
    '/docs/style.css/',
    '/docs/a\\page.txt',
    '/docs/..%2fsecret.txt',
    '/docs/%2e%2e%2fsecret.txt',
    '/docs/a%00.txt',
    '/docs//style.css',
    '/docs/guide//',
    '/docsx/style.css',
    '/Docs/style.css',
    '/docs/%5c..%5csecret.txt',
  ])('does not show %s', async path => {
    const answer = await get(path)
    expect([answer.status, answer.text]).toEqual([404, expect.not.stringMatching(/from outside|color: red/)])
  })

  it.each(['/docs/../secret.txt', '/docs/%2e%2e/secret.txt', '/docs/guide/../../secret.txt', '/docs/./style.css'])(
    'does not follow %s',
    async path => {
      const answer = await sendRaw(
        started().url,
        `GET ${path} HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n`,
      )
      expect(answer).toMatch(/^HTTP\/1\.1 404 /)
    },
  )

  it('adds the slash that a directory lacks, and keeps the query', async () => {
    for (const [path, target] of [
      ['/docs', '/docs/'],
      ['/docs/guide?a=b', '/docs/guide/?a=b'],
    ]) {
      const { status, headers } = await get(path ?? '')
      expect([status, headers.get('location')]).toEqual([308, target])
    }
  })

  it('takes nothing', async () => {
    expect((await started().browser.post('/docs/style.css', {})).status).toBeGreaterThanOrEqual(400)
  })
})

describe('a redirect', () => {
  it('leads from all below its prefix to its target', async () => {
    for (const [path, target] of [
      ['/old', '/docs/'],
      ['/old/x?y', '/docs/'],
      ['/elsewhere', 'https://example.org/x'],
    ]) {
      const { status, headers } = await get(path ?? '')
      expect([status, headers.get('location')]).toEqual([302, target])
    }
  })

  it('never stands before what the site itself needs', async () => {
    expect((await get('/login')).text).toContain('<h1>Log in</h1>')
  })
})

it('an empty prefix shows the files that there are and leaves the rest to others', async () => {
  const { site, inside } = started()
  expect((await get('/style.css')).status).toBe(404)
  site.store.transact(() => {
    const root = site.store.create(StaticSite, { prefixURL: '', staticContentPath: inside })
    site.store.powerUp(root, ISiteRootPlugin, prefixPriority(''))
  })
  await expect.poll(async () => (await get('/style.css')).status).toBe(200)
  expect((await get('/')).text).toBe('<p>home</p>')
  expect((await get('/nothing')).text).toContain('There is nothing here.')
  expect((await get('/login')).text).toContain('<h1>Log in</h1>')
  expect((await get('/notes/')).text).not.toContain('There is nothing here.')
})
