/** The administration as somebody meets it who has a telephone, or no scripts. */
import { expect, it } from 'vitest'
import { sharedByFile } from '../support/at-end.js'
import { describeInBrowser, openPage, photograph, startBrowser } from '../support/browser.js'
import { findFaults } from '../support/page-faults.mjs'
import type { WebBrowser } from '../support/web-browser.js'
import { makeAdminSite } from '../web/admin/admin-site.js'

const SECTIONS = ['Users', 'Offerings', 'Products', 'Ports', 'Sessions', 'Shares', 'Events', 'Audit log']

describeInBrowser('the administration in a browser', () => {
  const shared = sharedByFile(async () => ({ ...(await makeAdminSite()), browser: await startBrowser() }))

  /** A browser in which somebody has logged in. */
  async function open(who: WebBrowser, options: Parameters<typeof openPage>[1] = {}) {
    const { browser, started } = shared()
    const page = await openPage(browser, { reducedMotion: 'reduce', ...options })
    const value = who.cookies.get('mantissa-session') ?? ''
    await page.context().addCookies([{ name: 'mantissa-session', value, url: started.url }])
    await page.goto(started.url)
    return page
  }

  it('makes a user, who can log in, and disables them, all without scripts', async () => {
    const { admin, started, browser } = shared()
    const page = await open(admin(), { javaScriptEnabled: false })
    await page.getByRole('link', { name: 'Administration' }).click()
    await page.getByRole('link', { name: 'Users', exact: true }).click()
    await page.getByRole('link', { name: 'Create a user' }).click()
    await page.getByLabel('Address').fill('dora@example.com')
    await page.getByLabel('Password', { exact: true }).selectOption({ label: 'The one below' })
    await page.getByLabel('The password').fill('a long enough password')
    await photograph(page, 'admin-new-user')
    await page.getByRole('button', { name: 'Create the user' }).click()
    await page.getByRole('heading', { name: 'dora@example.com' }).waitFor()
    await photograph(page, 'admin-user')

    const dora = await openPage(browser)
    await dora.goto(`${started.url}/login`)
    await dora.getByLabel('Address').fill('dora@example.com')
    await dora.getByLabel('Password').fill('a long enough password')
    await dora.getByRole('button', { name: 'Log in' }).click()
    await dora.getByRole('link', { name: 'dora@example.com' }).waitFor()
    expect(await dora.getByRole('link', { name: 'Administration' }).count()).toBe(0)
    expect((await dora.goto(`${started.url}/admin/users`))?.status()).toBe(404)

    await page.getByRole('button', { name: 'Disable' }).click()
    await photograph(page, 'admin-disable')
    const sure = page.getByRole('button', { name: /disable/i })
    if ((await sure.count()) > 0) await sure.first().click()
    await page.getByText('disabled').first().waitFor()
    await dora.goto(`${started.url}/private/`)
    expect(new URL(dora.url()).pathname).toBe('/login')
  })

  it('fits 360 px, can be read in light and in dark, and says what its fields are', async () => {
    const { admin, pageOf, started } = shared()
    const page = await open(admin(), { viewport: { width: 360, height: 640 } })
    await page.getByRole('link', { name: 'Administration' }).click()
    const links = await Promise.all(
      SECTIONS.map(name => page.getByRole('link', { name, exact: true }).first().getAttribute('href')),
    )
    const faults: string[] = []
    for (const path of [
      '/',
      '/private/account',
      '/admin',
      ...links,
      '/admin/users/new',
      '/admin/offerings/notes',
      pageOf('bob@example.com'),
    ]) {
      const answer = await page.goto(`${started.url}${path}`)
      if (answer?.status() !== 200) faults.push(`${path}: ${answer?.status()}`)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await photograph(page, `admin-360-${colorScheme}${path?.replaceAll('/', '-')}`)
        faults.push(...(await page.evaluate(findFaults)))
      }
    }
    expect(faults).toEqual([])
  })
})
