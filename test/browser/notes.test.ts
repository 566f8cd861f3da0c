import { expect, it } from 'vitest'
import { sharedByFile } from '../support/at-end.js'
import { describeInBrowser, openPage, photograph, startBrowser } from '../support/browser.js'
import { startNotesSite } from '../support/notes-site.js'

describeInBrowser('notes in a browser', () => {
  const shared = sharedByFile(async () => {
    const started = await startNotesSite('alice@example.com', 'bob@example.com')
    return { ...started, browser: await startBrowser() }
  })
  it('looks', async () => {
    const { browser, url, people } = shared()
    for (const [name, options] of Object.entries({
      light: {},
      dark: { colorScheme: 'dark' as const },
      narrow: { viewport: { width: 360, height: 640 } },
    })) {
      const page = await openPage(browser, options)
      await page
        .context()
        .addCookies([{ name: 'mantissa-session', value: people[0].cookies.get('mantissa-session') ?? '', url }])
      await page.goto(`${url}/private/`)
      await photograph(page, `${name}-private`)
      await page.getByRole('link', { name: 'Notes' }).first().click()
      await page.getByRole('link', { name: 'New note' }).click()
      await page.getByLabel('Title').fill('Lisbon in the spring')
      await page
        .getByLabel('Text')
        .fill(
          'Trams and tiles.\n\nThe number 28 climbs to Graça, and past the cathedral.\n\n  - buy a ticket\n  - sit on the right',
        )
      await page.getByLabel('Tags').fill('city, spring, trams')
      await page.getByRole('button', { name: 'Write' }).click()
      await page.getByLabel('Share with one person').fill('bob@example.com')
      await page.getByRole('button', { name: 'Share', exact: true }).click()
      await page.getByRole('button', { name: 'Share with everybody' }).click()
      await page.getByRole('button', { name: 'Publish' }).click()
      await photograph(page, `${name}-note`)
      await page.getByRole('link', { name: 'Notes' }).first().click()
      await photograph(page, `${name}-notes`)
      await page.goBack()
      await page.getByRole('link', { name: 'Edit' }).click()
      await photograph(page, `${name}-edit`)
      await page.goBack()
      await page.getByRole('link', { name: 'Delete' }).click()
      await photograph(page, `${name}-delete`)
    }
    expect(1).toBe(1)
  })
})
