import { chromium } from 'playwright-core'
import { it } from 'vitest'
import { addUser } from '../../support/sites.js'
import { TimedEventFailureLog } from '../../../src/scheduling/timed-event.js'
import { makeAdminSite } from './admin-site.js'

it('looks', { timeout: 120_000 }, async () => {
  const site = await makeAdminSite()
  const { started } = site
  for (let i = 0; i < 60; i++) addUser(started.site, `person${i}@example.com`)
  const real = performance.now.bind(performance)
  let shift = 0
  performance.now = () => real() + shift
  const browserless = site.admin()
  for (let k = 0; k < 40; k++) { shift += 10_000 * (1 + (k % 3)); for (let j = 0; j < (k * 7) % 11; j++) await browserless.get(j % 4 === 3 ? '/nothing' : '/login') ; if (k % 5 === 0) await browserless.post('/login', {}) }
  shift += 10_000
  started.site.store.create(TimedEventFailureLog, { traceback: Buffer.from('Traceback (most recent call last):\n  File x\nValueError: no such thing') })
  await browserless.get('/admin')
  await new Promise(r => setTimeout(r, 500))
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  for (const [name, options] of Object.entries({ light: { viewport: { width: 1100, height: 800 } }, dark: { colorScheme: 'dark' as const, viewport: { width: 1100, height: 800 } }, narrow: { viewport: { width: 360, height: 740 } } })) {
    const context = await browser.newContext(options)
    await context.addCookies([{ name: 'mantissa-session', value: site.admin().cookies.get('mantissa-session') ?? '', url: started.url }])
    const page = await context.newPage()
    page.on('console', m => console.log(name, m.text()))
    for (const [file, path] of Object.entries({ overview: '/admin', users: '/admin/users', user: site.pageOf('bob@example.com'), new: '/admin/users/new', offerings: '/admin/offerings', sessions: '/admin/sessions', events: '/admin/events', audit: '/admin/audit', shares: '/admin/shares', ports: '/admin/ports' })) {
      await page.goto(started.url + path)
      await page.screenshot({ path: `/tmp/adm/${name}-${file}.png`, fullPage: true })
    }
    console.log(name, await page.evaluate('document.documentElement.scrollWidth'))
  }
  await browser.close()
})
