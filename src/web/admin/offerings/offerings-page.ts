import type { FastifyInstance } from 'fastify'
import { nameOfAccount } from '../../../accounts/account-record.js'
import { readAccountRecord } from '../../../accounts/account-rows.js'
import { LoginAccount } from '../../../accounts/login-account.js'
import { type HtmlValue, html } from '../../../base/html.js'
import { listEndowed, listEndowments } from '../../../offerings/endowments.js'
import { installOffering } from '../../../offerings/install-offering.js'
import { getInstalledOfferingNames } from '../../../offerings/installed-offerings.js'
import { getOfferingState, listOfferings, type OfferingState } from '../../../offerings/list-offerings.js'
import { loadOffering } from '../../../offerings/load-offering.js'
import { describeFrontPage, setFrontPage } from '../../../offerings/web-settings/front-page.js'
import type { Site } from '../../../site/site.js'
import { administer, administerSlowly } from '../administer.js'
import { confirmation } from '../confirmation.js'
import { button, hidden, selectOf } from '../form-parts.js'
import { numberIn, pager, type TableColumn, tableOf } from '../table.js'
import { actAt, showAt, type Visit } from '../visit.js'

const PAGE = 50

/** What is installed and could be, and who has it. Whom an offering is given to is said on the user's page. */
export function registerOfferings(scope: FastifyInstance): void {
  showAt(scope, { path: '/offerings', rights: ['offerings'] }, visit => ({
    title: 'Offerings',
    body: html`<p class="quiet">Taking an offering away, and adding places that offerings come from, is left to the command line.</p>
${offeringTable(visit)}
<h2>Front page</h2>${frontPageForm(visit)}`,
  }))
  actAt(scope, { path: '/offerings/install', rights: ['offerings'] }, install)
  actAt(scope, { path: '/offerings/front-page', rights: ['offerings'] }, chooseFrontPage)
  showAt(scope, { path: '/offerings/:name', rights: ['offerings'] }, visit => offeringPage(visit))
}

function offeringTable(visit: Visit) {
  const columns: readonly TableColumn<OfferingState>[] = [
    { heading: 'Name', cell: ({ name }) => html`<a href="/admin/offerings/${encodeURIComponent(name)}">${name}</a>` },
    { heading: 'Description', cell: ({ description }) => description ?? '' },
    { heading: 'Version', cell: ({ version }) => version ?? 'unknown' },
    { heading: 'State', cell: state => stateOf(visit, state) },
    { heading: 'Users', cell: ({ users }) => users, isNumber: true },
  ]
  return tableOf({ caption: 'Offerings', columns, rows: listOfferings(visit.site), empty: 'There are no offerings.' })
}

function stateOf(visit: Visit, { name, status, movedTo }: OfferingState): HtmlValue {
  if (status === 'installed') return 'installed'
  if (status === 'moved') return `moved to ${movedTo}`
  return visit.form('/admin/offerings/install', html`${hidden('offering', name)}${button('Install', 'second')}`)
}

async function install(visit: Visit) {
  const name = visit.fields.text('offering')
  const { site, host } = visit
  const { description, source } = getOfferingState(site, name)
  const sentence = `Installing ${name} runs its code (${source ?? 'which nobody knows'}) on this site, now and whenever the node runs, and makes a store for it. ${description ?? ''}`
  const question = {
    title: `Install ${name}`,
    sentence,
    yes: 'Install it',
    back: '/admin/offerings',
    kept: ['offering'],
  }
  const asked = confirmation(visit, question)
  if (asked !== undefined) return asked
  const act = { verb: 'offering install', args: { offering: name } }
  await administerSlowly(visit, act, async () => installOffering(site, await loadOffering(name, site)))
  const { newlyFailed } = await host.reconcile()
  const failures = newlyFailed.map(service => ` ${service.name} does not run: ${service.failure?.message}.`)
  return { goTo: '/admin/offerings', notice: `${name} is installed.${failures.join('')}` }
}

/** What stands at the root of the site. */
function frontPageForm(visit: Visit) {
  const { store } = visit.site
  const all = { value: '', label: 'The list of all offerings' }
  const choices = [all, ...getInstalledOfferingNames(store).map(name => ({ value: name, label: name }))]
  const select = selectOf('offering', 'What is shown at the root of the site', choices, describeFrontPage(store) ?? '')
  return visit.form('/admin/offerings/front-page', html`${select}${button('Show it there')}`)
}

async function chooseFrontPage(visit: Visit) {
  const { site } = visit
  const offering = visit.fields.text('offering') || null
  const act = { verb: 'offering frontpage', args: { offering } }
  await administer(
    visit,
    act,
    () => setFrontPage(site, offering),
    changed => (changed ? 'done' : 'already'),
  )
  return { goTo: '/admin/offerings', notice: `The root of the site shows ${offering ?? 'the list of all offerings'}.` }
}

function offeringPage({ site, param, query }: Visit) {
  const state = getOfferingState(site, param('name'))
  const found = listEndowed(site, state.name, numberIn(query.get('after')) ?? 0, PAGE + 1)
  const shown = found.slice(0, PAGE)
  const path = `/admin/offerings/${encodeURIComponent(state.name)}`
  const columns: readonly TableColumn<number>[] = [
    { heading: 'User', cell: id => html`<a href="/admin/users/${id}">${nameOf(site, id)}</a>` },
    { heading: 'Has', cell: id => powerupsOf(site, id, state.name) },
  ]
  const body = html`<p>${state.description}</p>
<h2>Who has it</h2>
${tableOf({ caption: 'Users', columns, rows: shown, empty: 'Nobody.' })}
${pager({ path, kept: {}, after: found.length > PAGE ? shown.at(-1) : undefined })}`
  return { title: state.name, body }
}

function nameOf(site: Site, accountId: number): string {
  const account = site.store.findItemById(accountId)
  const name = account instanceof LoginAccount ? nameOfAccount(readAccountRecord(site, account)) : null
  return name ?? `account ${accountId}`
}

function powerupsOf(site: Site, accountId: number, offering: string): string {
  const mine = listEndowments(site, accountId).filter(each => each.offering.toLowerCase() === offering.toLowerCase())
  return mine.map(({ powerup }) => powerup).join(', ')
}
