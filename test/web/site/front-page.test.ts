import { expect, it } from 'vitest'
import { InstalledOffering } from '../../../src/offerings/installed-offering.js'
import { FrontPage } from '../../../src/offerings/site-items/public-pages.js'
import { startSite } from '../../support/started-site.js'
import { WebBrowser } from '../../support/web-browser.js'

it('lists the offerings that show something to everybody', async () => {
  const { url } = await startSite({ offerings: ['notes'] })
  const page = await new WebBrowser(url).get('/')
  expect(page.text).toContain('<a href="/notes/">notes</a>')
  expect(page.text).not.toContain('mantissa-base')
  expect((await new WebBrowser(url).get('/notes/')).status).toBe(200)
})

it('says so where there is none', async () => {
  const { url } = await startSite()
  const page = await new WebBrowser(url).get('/')
  expect([page.status, page.text]).toEqual([200, expect.stringContaining('Nothing is shown to everybody')])
})

it('behaviour 85: leads to the offering that was chosen for it, and back to the list', async () => {
  const { url, site } = await startSite({ offerings: ['notes'] })
  const front = site.store.findUnique(FrontPage)
  const { application } = site.store.findUnique(InstalledOffering, InstalledOffering.offeringName.equals('notes'))
  const target = async () => (await new WebBrowser(url).get('/')).headers.get('location')
  site.store.transact(() => {
    front.defaultApplication = application
  })
  await expect.poll(target).toBe('/notes/')
  site.store.transact(() => {
    front.defaultApplication = null
  })
  await expect.poll(target).toBeNull()
})
