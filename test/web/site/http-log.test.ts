import { existsSync, readFileSync, renameSync, statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SiteConfiguration } from '../../../src/offerings/site-items/site-configuration.js'
import { sendRaw } from '../../support/raw-http.js'
import { startSite } from '../../support/started-site.js'
import { loggedIn, WebBrowser } from '../../support/web-browser.js'

it('every request is a line, whatever is in it, and the file may be moved away', async () => {
  const started = await startLogging('httpd.log')
  const { site, url } = started
  const path = site.store.filePath('httpd.log')
  const visitor = new WebBrowser(url)
  await expect.poll(async () => [await visitor.get('/'), existsSync(path)][1]).toBe(true)
  renameSync(path, `${path}.1`)
  await loggedIn(started, 'alice@example.com').get('/private/account', { 'user-agent': 'a "quoted" \\ agent' })
  await sendRaw(url, 'GET /x HTTP/1.1\r\nHost: example.com\r\nReferer: \x80" \xe9\r\nConnection: close\r\n\r\n')
  const lines = () => (existsSync(path) ? readFileSync(path, 'latin1').trim().split('\n') : [])
  await expect.poll(() => lines().at(-1)).toContain('GET /x ')
  const [page, odd] = lines().slice(-2)
  expect(page).toMatch(
    /^127\.0\.0\.1 - alice@example\.com \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/private\/account HTTP\/1\.1" 200 \d+ "-" "a \\x22quoted\\x22 \\x5c agent"$/,
  )
  expect(odd).toMatch(/"GET \/x HTTP\/1\.1" 404 \d+ "(?:\\x[0-9a-f]{2})+\\x22 (?:\\x[0-9a-f]{2})+" "-"$/)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

it('a log that cannot be written keeps nobody from being served, and the node says so once', async () => {
  const { url, log } = await startLogging('none', 'httpd.log')
  const warnings = () => log.lines.filter(({ sentence }) => sentence === 'requests could not be logged')
  const visitor = new WebBrowser(url)
  await expect.poll(async () => [await visitor.get('/'), warnings().length][1]).toBe(1)
  expect((await visitor.get('/')).status).toBe(200)
})

function startLogging(...path: readonly string[]) {
  return startSite({
    prepare: ({ store }) => {
      store.transact(() => {
        store.findUnique(SiteConfiguration).httpLog = store.filePath(...path)
      })
    },
  })
}
