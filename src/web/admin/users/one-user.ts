import type { FastifyInstance } from 'fastify'
import { nameOfAccount } from '../../../accounts/account-record.js'
import { readAccountRecord } from '../../../accounts/account-rows.js'
import type { LoginAccount } from '../../../accounts/login-account.js'
import { endSessionsOf } from '../../../accounts/sessions/end-sessions.js'
import { setDisabled } from '../../../accounts/set-disabled.js'
import { ConflictError } from '../../../base/errors.js'
import { deprive } from '../../../offerings/deprive.js'
import { endow } from '../../../offerings/endow.js'
import { getInstalledOffering } from '../../../offerings/installed-offerings.js'
import { loadOffering } from '../../../offerings/load-offering.js'
import { clearSomeFailures } from '../../../upkeep/clear-failures.js'
import { administer, administerSlowly } from '../administer.js'
import { confirmation } from '../confirmation.js'
import { actAt, showAt, type Visit } from '../visit.js'
import { accountIn, userPage } from './user-page.js'

/** Somebody an act is about. */
interface Subject {
  readonly account: LoginAccount
  readonly address: string
  /** Path of the user's page. */
  readonly page: string
}

/** The page of one user, and what can be done there. */
export function registerOneUser(scope: FastifyInstance): void {
  showAt(scope, { path: '/users/:id', rights: ['users', 'offerings'] }, userPage)
  actAt(scope, { path: '/users/:id/disable', rights: ['users'] }, disable)
  actAt(scope, { path: '/users/:id/enable', rights: ['users'] }, visit => setState(visit, subjectOf(visit), false))
  actAt(scope, { path: '/users/:id/end-sessions', rights: ['users'] }, endSessions)
  actAt(scope, { path: '/users/:id/endow', rights: ['offerings'] }, visit => changePowerup(visit, true))
  actAt(scope, { path: '/users/:id/deprive', rights: ['offerings'] }, visit => changePowerup(visit, false))
  actAt(scope, { path: '/users/:id/clear-failures', rights: ['users'] }, clearFailures)
}

function subjectOf(visit: Visit): Subject {
  const account = accountIn(visit)
  const address = nameOfAccount(readAccountRecord(visit.site, account)) ?? `account ${account.storeID}`
  return { account, address, page: `/admin/users/${account.storeID}` }
}

async function disable(visit: Visit) {
  const subject = subjectOf(visit)
  if (subject.account === visit.administrator.member.account)
    throw new ConflictError('you would disable your own account', {
      code: 'OWN_ACCOUNT',
      hint: 'have another administrator do it, or the command line: mantissa usermod --disable',
    })
  const sentence = `Nobody will be able to log in as ${subject.address}, and all sessions of the user end. The data stay.`
  const question = { title: `Disable ${subject.address}`, sentence, yes: 'Disable', back: subject.page }
  return confirmation(visit, question) ?? (await setState(visit, subject, true))
}

async function setState(visit: Visit, { account, address, page }: Subject, disabled: boolean) {
  const act = { verb: 'usermod', args: { address, [disabled ? 'disable' : 'enable']: 'true' } }
  const change = () => setDisabled(visit.site, account, disabled)
  const changed = await administer(visit, act, change, done => (done ? 'done' : 'already'))
  return { goTo: page, notice: `${address} is ${changed ? '' : 'already '}${disabled ? 'disabled' : 'enabled'}.` }
}

async function endSessions(visit: Visit) {
  const { account, address, page } = subjectOf(visit)
  const { sessionId } = visit.administrator.member
  const act = { verb: 'end-sessions', args: { address } }
  const end = () => endSessionsOf(visit.site.store, account, sessionId)
  const ended = await administer(visit, act, end, count => (count > 0 ? 'done' : 'already'))
  return { goTo: page, notice: `${ended} sessions of ${address} are ended.` }
}

/** The code of the offering is loaded first, since that takes a while and touches no store. */
async function changePowerup(visit: Visit, isGiven: boolean) {
  const { account, address, page } = subjectOf(visit)
  const { site, host } = visit
  const [name = '', powerup] = visit.fields.text('powerup').split(':')
  const act = {
    verb: isGiven ? 'offering endow' : 'offering deprive',
    args: { user: address, offering: name, powerup: powerup ?? null },
  }
  const changes = await administerSlowly(
    visit,
    act,
    async () => {
      getInstalledOffering(site.store, name)
      const offering = await loadOffering(name, site)
      return await host.patiently(() => (isGiven ? endow : deprive)(site, account, offering, powerup))
    },
    all => (all.some(({ status }) => status === 'done') ? 'done' : 'already'),
  )
  const names = changes.map(each => each.powerup).join(', ')
  return { goTo: page, notice: `${address} ${isGiven ? 'has' : 'no longer has'} ${names} of ${name}.` }
}

async function clearFailures(visit: Visit) {
  const { account, address, page } = subjectOf(visit)
  const sentence = `The recorded failures in the store of ${address} will be gone. What is to be tried again stays.`
  const question = { title: 'Clear the failures', sentence, yes: 'Clear them', back: page }
  const asked = confirmation(visit, question)
  if (asked !== undefined) return asked
  const act = { verb: 'events clear-failures', args: { user: address } }
  const clear = () => visit.host.withUserStore(account, clearSomeFailures)
  const count = await administerSlowly(visit, act, clear, cleared => (cleared > 0 ? 'done' : 'already'))
  return { goTo: page, notice: `${count} failures are cleared.` }
}
