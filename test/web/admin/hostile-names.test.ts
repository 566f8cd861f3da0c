import { expect, it } from 'vitest'
import { createAccount } from '../../../src/accounts/create-account.js'
import { findAccountByAddress } from '../../../src/accounts/find-account.js'
import { LoginAccount } from '../../../src/accounts/login-account.js'
import { beginSession } from '../../../src/accounts/sessions/begin-session.js'
import { TimedEventFailureLog } from '../../../src/scheduling/timed-event.js'
import { Role, Share } from '../../../src/sharing/share-items.js'
import { recordAudit } from '../../../src/site/audit.js'
import { CHEAP_HASH } from '../../support/web-browser.js'
import { sharedAdminSite } from './admin-site.js'

const MARKUP = '"\'><img src=x onerror=alert(1)>'
const ADDRESS = { localpart: MARKUP, domain: 'example.com' }
const site = sharedAdminSite()

it('no name, argument or text of a failure becomes markup on any page', async () => {
  const { started } = site()
  const account = createAccount(started.site, { address: ADDRESS, passwordHash: CHEAP_HASH })
  beginSession(started.site, account, 'browser')
  recordAudit(started.site, { verb: MARKUP, args: { [MARKUP]: MARKUP }, result: MARKUP })
  await started.node.withUserStore(account, store => {
    store.create(TimedEventFailureLog, { traceback: Buffer.from(`Traceback\n</pre>${MARKUP}`) })
    const given = { sharedItem: store.findUnique(LoginAccount), sharedTo: store.create(Role, { externalID: MARKUP }) }
    store.create(Share, { ...given, shareID: MARKUP, sharedInterfaceNames: MARKUP })
  })
  const browser = site().admin()
  const page = `/admin/users/${account.storeID}`
  const paths = [
    '/admin/users',
    `/admin/users?q=${encodeURIComponent(MARKUP)}`,
    page,
    '/admin/sessions',
    '/admin/audit',
  ]
  for (const path of paths) {
    const { status, text } = await browser.get(path)
    expect([path, status, text.includes('onerror=alert(1)&gt;')]).toEqual([path, 200, true])
    expect(text).not.toContain('<img')
  }
  const asked = await browser.submit(page, `${page}/disable`, {})
  expect([asked.status, asked.text.includes('<img')]).toEqual([200, false])
  const typed = await browser.submit('/admin/users/new', '/admin/users/new', { address: `${MARKUP}@x y`, kind: 'none' })
  expect([typed.status, typed.text.includes('<img')]).toEqual([400, false])
})

it('a line end in a name stays out of the headers', async () => {
  const browser = site().admin()
  const fields = { address: 'eve@example.com\r\nSet-Cookie: a=b', kind: 'none' }
  const answer = await browser.submit('/admin/users/new', '/admin/users/new', fields)
  expect([answer.status, answer.headers.getSetCookie().some(each => each.startsWith('a='))]).toEqual([400, false])
  expect(findAccountByAddress(site().started.site, { localpart: 'eve', domain: 'example.com' })).toBeUndefined()
})
