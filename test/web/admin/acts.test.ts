import { expect, it } from 'vitest'
import { findAccountByAddress } from '../../../src/accounts/find-account.js'
import { LoginAccount } from '../../../src/accounts/login-account.js'
import { verifyPassword } from '../../../src/accounts/password.js'
import { listSessions } from '../../../src/accounts/sessions/list-sessions.js'
import { parseExistingAddress } from '../../../src/base/address.js'
import { listEndowments } from '../../../src/offerings/endowments.js'
import { findInstalledOffering } from '../../../src/offerings/installed-offerings.js'
import { describeFrontPage } from '../../../src/offerings/web-settings/front-page.js'
import { TimedEventFailureLog } from '../../../src/scheduling/timed-event.js'
import { getEveryoneRole } from '../../../src/sharing/roles.js'
import { Share } from '../../../src/sharing/share-items.js'
import { listAudit } from '../../../src/site/audit.js'
import { sharedAdminSite } from './admin-site.js'

const site = sharedAdminSite()
const lastRecord = () => listAudit(site().started.site, 1)[0]

it('creates a user with a password that is shown once, and says who did it', async () => {
  const browser = site().admin()
  const answer = await browser.submit('/admin/users/new', '/admin/users/new', {
    address: 'carol@example.com',
    kind: 'generated',
  })
  expect(answer.status).toBe(200)
  const [, password = ''] = /<code>([A-Za-z0-9]{20})<\/code>/.exec(answer.text) ?? []
  const { passwordHash } = site().account('carol@example.com')
  expect(await verifyPassword(passwordHash, password)).toBe(true)
  expect(lastRecord()).toMatchObject({
    verb: 'useradd',
    args: { address: 'carol@example.com', password: 'generated' },
    result: 'done',
    uid: null,
    user: 'root@example.com',
    host: '127.0.0.1',
  })
  const page = await browser.get('/admin/audit')
  expect(page.text).toContain('root@example.com (127.0.0.1)')
  expect(page.text).not.toContain(password)
})

it.each([
  [{ address: 'no address', kind: 'none' }, 'address-error', 400],
  [{ address: '../../x@example.com', kind: 'none' }, 'address-error', 400],
  [{ address: 'root@example.com', kind: 'none' }, 'address-error', 400],
  [{ address: 'dave@example.com', kind: 'given', password: '' }, 'password-error', 400],
  [{ address: 'dave@example.com', kind: 'nothing' }, 'password-error', 400],
])('says beside the field what is wrong with %j, and keeps what was typed', async (fields, error, status) => {
  const answer = await site()
    .admin()
    .submit('/admin/users/new', '/admin/users/new', fields as Record<string, string>)
  expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(`id="${error}"`)])
  expect(answer.text).toContain(`value="${fields.address}"`)
  expect(findAccountByAddress(site().started.site, parseExistingAddress('dave@example.com'))).toBeUndefined()
})

it('disables after asking, which ends sessions, and enables', async () => {
  const [browser, theirs, page] = [site().admin(), site().as('bob@example.com'), site().pageOf('bob@example.com')]
  const asked = await browser.submit(page, `${page}/disable`, {})
  expect([asked.status, site().account('bob@example.com').isDisabled]).toEqual([200, false])
  expect((await theirs.get('/nothing')).text).toContain('bob@example.com')
  const done = await browser.submit(page, `${page}/disable`, { sure: 'yes' })
  expect([done.status, done.headers.get('location')]).toEqual([303, page])
  expect(lastRecord()).toMatchObject({ verb: 'usermod', args: { address: 'bob@example.com', disable: 'true' } })
  expect((await browser.get(page)).text).toContain('bob@example.com is disabled.')
  expect((await theirs.get('/nothing')).text).not.toContain('bob@example.com')
  await browser.submit(page, `${page}/enable`, {})
  expect(site().account('bob@example.com').isDisabled).toBe(false)
})

it('does not disable who asks for it', async () => {
  const page = site().pageOf('root@example.com')
  const answer = await site().admin().submit(page, `${page}/disable`, { sure: 'yes' })
  expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('your own account')])
  expect(site().account('root@example.com').isDisabled).toBe(false)
})

it('gives and takes what offerings have', async () => {
  const [browser, page] = [site().admin(), site().pageOf('bob@example.com')]
  const [, choice = ''] = /<option value="([^"]*)"/.exec((await browser.get(page)).text) ?? []
  await browser.submit(page, `${page}/endow`, { powerup: choice })
  const { storeID } = site().account('bob@example.com')
  expect(listEndowments(site().started.site, storeID).map(each => `${each.offering}:${each.powerup}`)).toEqual([choice])
  expect((await browser.get('/admin/offerings/notes')).text).toContain('bob@example.com')
  await browser.submit(page, `${page}/deprive`, { powerup: choice })
  expect(listEndowments(site().started.site, storeID)).toEqual([])
  const unknown = await browser.submit(page, `${page}/endow`, { powerup: 'nothing:at-all' })
  expect([unknown.status, lastRecord()?.result]).toEqual([404, 'OFFERING_NOT_INSTALLED'])
})

it('ends one session, and all of a user but the one that asks', async () => {
  const [browser, page] = [site().admin(), site().pageOf('bob@example.com')]
  const [first, second] = [site().as('bob@example.com'), site().as('bob@example.com')]
  const sessions = () => listSessions(site().started.site, { accountId: site().account('bob@example.com').storeID })
  const [one] = sessions()
  await browser.submit('/admin/sessions', `/admin/sessions/${one?.sessionId}/end`, {})
  expect((await browser.get('/admin/sessions')).text).toContain('The session is ended.')
  expect(sessions().some(({ sessionId }) => sessionId === one?.sessionId)).toBe(false)
  await browser.submit(page, `${page}/end-sessions`, {})
  expect(sessions()).toEqual([])
  for (const theirs of [first, second]) expect((await theirs.get('/nothing')).text).not.toContain('bob@example.com')
  const own = site().pageOf('root@example.com')
  await browser.submit(own, `${own}/end-sessions`, {})
  expect((await browser.get('/admin')).status).toBe(200)
})

it('clears failures of a user and of the site', async () => {
  const { started, account } = site()
  const [browser, page] = [site().admin(), site().pageOf('bob@example.com')]
  const traceback = Buffer.from('Traceback (most recent call last):\n  ...\nValueError: <b>no</b>')
  await started.node.withUserStore(account('bob@example.com'), store =>
    store.create(TimedEventFailureLog, { traceback }),
  )
  started.site.store.create(TimedEventFailureLog, { traceback })
  for (const at of [page, '/admin/events']) {
    expect((await browser.get(at)).text).toContain('ValueError: &lt;b&gt;no&lt;/b&gt;')
    expect((await browser.submit(at, `${at}/clear-failures`, {})).text).toContain('will be gone')
    await browser.submit(at, `${at}/clear-failures`, { sure: 'yes' })
    expect((await browser.get(at)).text).toContain('Nothing has failed.')
  }
})

it('shows what somebody shares, and ends it after asking', async () => {
  const { started, account } = site()
  const number = await started.node.withUserStore(account('bob@example.com'), store =>
    store.transact(() => {
      const given = { sharedItem: store.findUnique(LoginAccount), sharedTo: getEveryoneRole(store) }
      return store.create(Share, { ...given, shareID: 'diary', sharedInterfaceNames: 'notes.INote' }).storeID
    }),
  )
  const of = String(account('bob@example.com').storeID)
  const [browser, page] = [site().admin(), `/admin/shares?of=${of}`]
  expect((await browser.get(page)).text).toMatch(/diary.*Everyone.*login.*notes.INote/s)
  const fields = { of, share: String(number) }
  expect((await browser.submit(page, '/admin/shares/remove', fields)).text).toContain('sees it no more')
  const done = await browser.submit(page, '/admin/shares/remove', { ...fields, sure: 'yes' })
  expect([done.status, done.headers.get('location')]).toEqual([303, page])
  expect(lastRecord()).toMatchObject({ verb: 'share remove', args: { store: 'bob@example.com', share: 'diary' } })
  expect((await browser.get(page)).text).toContain('Nothing is shared.')
  await browser.submit(page, '/admin/shares/remove', { ...fields, sure: 'yes' })
  expect((await browser.get(page)).text).toContain('This share has ended already.')
})

it('installs an offering after asking, and what it runs runs at once', async () => {
  const browser = site().admin()
  const asked = await browser.submit('/admin/offerings', '/admin/offerings/install', { offering: 'mail' })
  expect([asked.status, asked.text]).toEqual([200, expect.stringContaining('runs its code')])
  expect(findInstalledOffering(site().started.site.store, 'mail')).toBeUndefined()
  await browser.submit('/admin/offerings', '/admin/offerings/install', { offering: 'mail', sure: 'yes' })
  expect(findInstalledOffering(site().started.site.store, 'mail')).toBeDefined()
  expect((await browser.get('/admin/offerings')).text).toContain('mail is installed.')
  const again = await browser.submit('/admin/offerings', '/admin/offerings/install', { offering: 'mail', sure: 'yes' })
  expect([again.status, lastRecord()?.result]).toEqual([409, 'OFFERING_ALREADY_INSTALLED'])
})

it('chooses what is shown at the root', async () => {
  const browser = site().admin()
  await browser.submit('/admin/offerings', '/admin/offerings/front-page', { offering: 'notes' })
  expect(describeFrontPage(site().started.site.store)).toBe('notes')
  expect((await browser.get('/admin/offerings')).text).toContain('<option value="notes" selected>')
  await browser.submit('/admin/offerings', '/admin/offerings/front-page', { offering: '' })
  expect(describeFrontPage(site().started.site.store)).toBeNull()
})
