/** What people do with a browser: a story, and what is true of every page. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { sharedByFile } from '../support/at-end.js'
import { describeInBrowser, openPage, photograph, startBrowser } from '../support/browser.js'
import { startNotesSite, writeNote } from '../support/notes-site.js'
import { findFaults, findFocus } from '../support/page-faults.mjs'

const LONG = 'Wordwithoutanyspaces'.repeat(10)

describeInBrowser('in a browser', () => {
  const shared = sharedByFile(async () => {
    const started = await startNotesSite('alice@example.com', 'bob@example.com')
    return { ...started, browser: await startBrowser() }
  })

  /** A person who has just logged in, at the page that comes then. */
  async function logIn(name: string, options: BrowserContextOptions = {}): Promise<Page> {
    const { browser, url } = shared()
    const page = await openPage(browser as Browser, options)
    await page.goto(`${url}/private/`)
    await page.getByLabel('Address').fill(name)
    await page.getByLabel('Password').fill('password')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('heading', { name: 'My pages' }).waitFor()
    return page
  }

  it('a note is written, shared with one person and with nobody else, all without scripts', async () => {
    const { browser, url } = shared()
    const alice = await logIn('alice@example.com', { javaScriptEnabled: false })
    await alice.getByRole('link', { name: 'Notes' }).first().click()
    await photograph(alice, 'notes-empty')
    await alice.getByRole('link', { name: 'New note' }).click()
    await photograph(alice, 'note-new')
    await alice.getByLabel('Title').fill('Lisbon in spring')
    await alice.getByLabel('Text').fill('Trams & tiles.\n\nThe number 28 climbs to Graça.')
    await alice.getByLabel('Tags').fill('city, trams')
    await alice.getByRole('button', { name: 'Write' }).click()
    await alice.getByText('The note is written.').waitFor()
    await alice.getByLabel('Share with one person').fill('bob@example.com')
    await alice.getByRole('button', { name: 'Share', exact: true }).click()
    await photograph(alice, 'note')
    const address = await alice.getByRole('link', { name: 'its own page' }).getAttribute('href')

    const bob = await logIn('bob@example.com')
    await bob.goto(`${url}${address}`)
    await bob.getByText('The number 28 climbs to Graça.').waitFor()
    await photograph(bob, 'note-shared')
    const nobody = await openPage(browser)
    expect((await nobody.goto(`${url}${address}`))?.status()).toBe(404)
    await photograph(nobody, 'nothing-here')

    await alice.getByRole('button', { name: 'Publish' }).click()
    await nobody.goto(`${url}/notes/`)
    await nobody.getByRole('heading', { name: 'Lisbon in spring' }).waitFor()
    await photograph(nobody, 'timeline')
    await alice.getByRole('link', { name: 'Delete' }).click()
    await photograph(alice, 'note-delete')
    await alice.getByRole('button', { name: 'Delete the note' }).click()
    expect((await bob.reload())?.status()).toBe(404)
    await nobody.reload()
    expect(await nobody.getByRole('heading', { name: 'Lisbon in spring' }).count()).toBe(0)
    await alice.getByRole('button', { name: 'Log out' }).click()
    await alice.goto(`${url}/private/`)
    expect(new URL(alice.url()).pathname).toBe('/login')
  })

  it('a wrong password is told as such, and the name is kept', async () => {
    const { browser, url } = shared()
    const page = await openPage(browser, { viewport: { width: 360, height: 640 }, colorScheme: 'dark' })
    await page.goto(`${url}/login`)
    await page.getByLabel('Address').fill('bob@example.com')
    await page.getByLabel('Password').fill('passwort')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').waitFor()
    await photograph(page, 'login-refused')
    expect(await page.evaluate(findFaults)).toEqual([])
    expect(await page.getByLabel('Address').inputValue()).toBe('bob@example.com')
    expect(await page.getByLabel('Password').inputValue()).toBe('')
  })

  it('the keyboard is enough', async () => {
    const { browser, url } = shared()
    const page = await openPage(browser)
    await page.goto(`${url}/notes/`)
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content')
    await photograph(page, 'skip-link')
    await page.keyboard.press('Enter')
    expect(await page.locator(':focus').getAttribute('id')).toBe('content')
    await page.goto(`${url}/login?next=%2Fprivate%2F`)
    await page.locator('#name:focus').waitFor()
    await page.keyboard.type('alice@example.com')
    await page.keyboard.press('Tab')
    await page.keyboard.type('password')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'My pages' }).waitFor()
    // Twice: in the navigation, then in the page.
    const reached: string[] = []
    while (reached.filter(text => text === 'Notes').length < 2 && reached.length < 20) {
      await page.keyboard.press('Tab')
      const { text, outline } = await page.evaluate(findFocus)
      expect([text, outline]).toEqual([text, 'solid'])
      reached.push(text)
    }
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Latest notes' }).waitFor()
  })

  it('what is wrong with a page is found', async () => {
    const page = await openPage(shared().browser, { viewport: { width: 360, height: 640 }, reducedMotion: 'reduce' })
    await page.setContent(
      `<body><p id="a" style="width: 500px">wide</p><p id="a" style="color: #999">pale</p><input name="bare"><a href="#"></a>`,
    )
    expect((await page.evaluate(findFaults)).map(fault => fault.replace(/^[^:]*: /, '').slice(0, 22))).toEqual([
      ...['508 px wide in 360: <p', 'no language', 'not one heading of the', 'not one main part'],
      ...['two elements are calle', 'no label for bare', 'nothing says what <a> '],
      'contrast 2.85 of <p> p',
    ])
  })

  it('every page fits 360 px, can be read in light and in dark, and says what its fields are', async () => {
    const { people, url } = shared()
    const note = await writeNote(people[0], {
      title: LONG,
      body: LONG,
      tags: `${LONG.slice(0, 70)}, b`,
      notebook: LONG.slice(0, 80),
    })
    for (const deed of ['publish', 'pin']) await people[0].submit(note, `${note}/${deed}`, {})
    for (const who of [`${LONG.slice(0, 60)}@example.com`, 'Everyone'])
      await people[0].submit(note, `${note}/share`, { with: who })
    const address = /href="(\/users\/[^"]*)"/.exec((await people[0].get(note)).text)?.[1]
    const notebook = /href="(\/private\/[^"]*)">Wordwithout/.exec((await people[0].get(note)).text)?.[1]
    const home = /href="(\/private\/[^"]*)">Notes/.exec((await people[0].get('/private/')).text)?.[1]
    const visible = ['/', '/notes/', '/nothing', address]
    const own = [
      '/private/',
      home,
      `${home}?new=`,
      `${home}?q=x`,
      notebook,
      `${notebook}?confirm=delete`,
      note,
      `${note}?edit`,
    ]
    const page = await logIn('alice@example.com', { viewport: { width: 360, height: 640 }, reducedMotion: 'reduce' })
    const faults: string[] = []
    for (const [index, path] of [...own, `${note}?confirm=delete`, ...visible].entries()) {
      const status = (await page.goto(`${url}${path}`))?.status()
      if (status !== (path === '/nothing' ? 404 : 200)) faults.push(`${path}: ${status}`)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await photograph(page, `360-${colorScheme}-${index}`)
        faults.push(...(await page.evaluate(findFaults)))
      }
    }
    expect(faults).toEqual([])
  })
})
