import { expect, it } from 'vitest'
import { sharedByFile } from '../support/at-end.js'
import { describeInBrowser, openPage, photograph, startBrowser } from '../support/browser.js'
import { makeAdminSite } from '../web/admin/admin-site.js'

describeInBrowser('an administrator at work', () => {
  const shared = sharedByFile(async () => ({ site: await makeAdminSite(), browser: await startBrowser() }))

  async function open() {
    const { site, browser } = shared()
    const page = await openPage(browser)
    const { url } = site.started
    const value = site.admin().cookies.get('mantissa-session') ?? ''
    await page.context().addCookies([{ name: 'mantissa-session', value, url }])
    const complaints: string[] = []
    page.on('console', message => void (message.type() === 'error' && complaints.push(message.text())))
    page.on('pageerror', error => void complaints.push(error.message))
    return { page, complaints, url: `${url}/admin` }
  }

  it('shows what happens while somebody looks, and says when it cannot', async () => {
    const { page, complaints, url } = await open()
    await page.clock.install()
    await page.goto(url)
    const before = await page.getByText(/UTC, for/).textContent()
    await page.clock.runFor(6000)
    await expect.poll(() => page.getByText(/UTC, for/).textContent()).not.toBe(before)
    expect(complaints).toEqual([])
    await page.context().clearCookies()
    await page.clock.runFor(6000)
    await page.getByText('This is not shown anew any more').waitFor()
    expect(await page.getByRole('img', { name: /^Requests, from 1 h ago to now/ }).count()).toBe(1)
  })

  it('creates a user with the keyboard alone', async () => {
    const { page, complaints, url } = await open()
    await page.goto(`${url}/users`)
    await page.getByRole('link', { name: 'Create a user' }).press('Enter')
    await page.getByLabel('Address').fill('keys@example.com')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'keys@example.com is created' }).waitFor()
    await photograph(page, 'admin-created')
    await page.getByRole('link', { name: 'Go on to keys@example.com' }).press('Enter')
    await page.getByRole('button', { name: 'Disable' }).press('Enter')
    await page.getByRole('button', { name: 'Disable' }).press('Enter')
    await page.getByText('keys@example.com is disabled.').waitFor()
    expect(complaints).toEqual([])
  })
})
