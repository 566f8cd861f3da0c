import { type AccountRecord, addressesOf, isApplication, nameOfAccount } from '../../../accounts/account-record.js'
import { readAccountRecord, subStoreOf } from '../../../accounts/account-rows.js'
import { LoginAccount } from '../../../accounts/login-account.js'
import { listSessions } from '../../../accounts/sessions/list-sessions.js'
import { formatAddress } from '../../../base/address.js'
import { BusyError, MantissaError } from '../../../base/errors.js'
import { type Html, html } from '../../../base/html.js'
import { type Standing, standingOf } from '../../../offerings/administrative-rights.js'
import { listEndowments } from '../../../offerings/endowments.js'
import { listOfferings } from '../../../offerings/list-offerings.js'
import { openTransferForAccount } from '../../../site/account-fence.js'
import { notFound } from '../../refusal.js'
import { eventTable, failureTable } from '../events/event-tables.js'
import { button, hidden, selectOf } from '../form-parts.js'
import { sessionTable } from '../sessions/sessions-page.js'
import { numberIn } from '../table.js'
import type { AdminPage, Visit } from '../visit.js'

const MOST_SESSIONS = 20

/** The account that the path names by its number; a person's. */
export function accountIn(visit: Visit): LoginAccount {
  const account = visit.site.store.findItemById(numberIn(visit.param('id')) ?? 0)
  if (!(account instanceof LoginAccount) || isApplication(readAccountRecord(visit.site, account))) throw notFound()
  return account
}

/** Everything about one user that an administrator may see here: facts of the site, and what the user's store tells quickly. */
export async function userPage(visit: Visit): Promise<AdminPage> {
  const account = accountIn(visit)
  const { rights } = visit.administrator
  const record = readAccountRecord(visit.site, account)
  const name = nameOfAccount(record) ?? `account ${account.storeID}`
  const store = await storeParts(visit, account)
  const body = html`${factList(visit, account, record, store.standing)}
${rights.has('users') ? stateForms(visit, account) : null}
${endowmentParts(visit, account)}
${rights.has('users') ? html`<h2>Sessions</h2>${sessionParts(visit, account)}${store.events}` : null}`
  return { title: name, body }
}

interface StoreParts {
  readonly standing: Standing | string
  readonly events: Html
}

/** One look into the user's store; where it cannot be read that is part of what is told. */
async function storeParts(visit: Visit, account: LoginAccount): Promise<StoreParts> {
  const { host, site } = visit
  const clear = visit.form(`${visit.path}/clear-failures`, button('Clear the failures', 'second'))
  try {
    return await host.withUserStore(account, store => ({
      standing: standingOf(site, account, store),
      events: html`<h2>Failures</h2>${failureTable(store, clear)}<h2>Scheduled</h2>${eventTable(store)}`,
    }))
  } catch (error) {
    if (!(error instanceof MantissaError) || error instanceof BusyError) throw error
    const events = html`<p class="alert">The store of this user cannot be read: ${error.message}</p>`
    return { standing: 'nobody knows', events }
  }
}

const STANDINGS: Readonly<Record<string, string>> = {
  yes: 'of everything',
  partly: 'of some of it',
  no: 'no',
  'not here': 'not here: the store says so, and came from elsewhere',
}

function factList(visit: Visit, account: LoginAccount, record: AccountRecord, standing: string): Html {
  const transfer = openTransferForAccount(visit.site, account.storeID)
  const facts: readonly (readonly [string, string])[] = [
    ['Addresses', addressesOf(record).map(formatAddress).join(', ')],
    ['State', record.disabled ? 'disabled' : 'enabled'],
    ['Password', record.passwordHash === null ? 'none' : 'set'],
    ['Administrator', STANDINGS[standing] ?? standing],
    ['Store', subStoreOf(account)?.storepath ?? 'none'],
    ...(transfer === undefined ? [] : [['Moving', `${transfer.id}, ${transfer.state}`] as const]),
  ]
  return html`<dl class="card facts">${facts.map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`)}</dl>`
}

function stateForms(visit: Visit, account: LoginAccount): Html {
  const state = account.isDisabled
    ? visit.form(`${visit.path}/enable`, button('Enable', 'second'))
    : visit.form(`${visit.path}/disable`, button('Disable', 'danger'))
  return html`<div class="row">${state}<a href="/admin/shares?of=${account.storeID}">Shares of this user</a></div>`
}

/** What the user has of offerings, and what could be added. */
function endowmentParts(visit: Visit, account: LoginAccount): Html {
  const mayChange = visit.administrator.rights.has('offerings')
  const had = listEndowments(visit.site, account.storeID)
  const items = had.map(({ offering, powerup }) => {
    const value = `${offering}:${powerup}`
    const take = html`${hidden('powerup', value)}${button('Take away', 'second')}`
    return html`<li class="row">${value} ${mayChange ? visit.form(`${visit.path}/deprive`, take) : null}</li>`
  })
  const list = had.length === 0 ? html`<p class="quiet">Nothing.</p>` : html`<ul class="plain-list">${items}</ul>`
  return html`<h2>Has of offerings</h2>${list}${mayChange ? endowForm(visit, had) : null}`
}

function endowForm(visit: Visit, had: ReturnType<typeof listEndowments>): Html | null {
  const choices = listOfferings(visit.site)
    .filter(({ status }) => status === 'installed')
    .flatMap(({ name, powerups }) => (powerups ?? []).map(powerup => ({ offering: name, powerup: powerup.name })))
    .filter(each => !had.some(one => one.offering === each.offering && one.powerup === each.powerup))
    .map(({ offering, powerup }) => ({ value: `${offering}:${powerup}`, label: `${powerup} of ${offering}` }))
  if (choices.length === 0) return null
  return visit.form(
    `${visit.path}/endow`,
    html`${selectOf('powerup', 'Give something of an offering', choices)}${button('Give it')}`,
  )
}

function sessionParts(visit: Visit, account: LoginAccount): Html {
  const sessions = listSessions(visit.site, { accountId: account.storeID, limit: MOST_SESSIONS })
  const table = sessionTable(visit, sessions, account.storeID)
  if (sessions.length === 0) return html`<p class="quiet">The user is not logged in.</p>`
  return html`${table}${visit.form(`${visit.path}/end-sessions`, button('End all of them', 'second'))}`
}
