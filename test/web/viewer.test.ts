import { expect, it } from 'vitest'
import { startSite } from '../support/started-site.js'
import { loggedIn, WebBrowser } from '../support/web-browser.js'

it('shows visitors a way in, and members who they are', async () => {
  const started = await startSite()
  const visitor = await new WebBrowser(started.url).get('/nothing/here')
  expect([visitor.status, visitor.text]).toEqual([
    404,
    expect.stringContaining('<a href="/login?next=%2Fnothing%2Fhere">Log in</a>'),
  ])
  const member = await loggedIn(started, 'alice@example.com').get('/nothing/here')
  expect([member.status, member.text]).toEqual([404, expect.stringContaining('alice@example.com')])
})
