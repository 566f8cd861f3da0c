import type { FastifyInstance } from 'fastify'
import { nameOfAccount } from '../../../accounts/account-record.js'
import { readAccountRecord } from '../../../accounts/account-rows.js'
import { findAccountByAddress } from '../../../accounts/find-account.js'
import { LoginAccount } from '../../../accounts/login-account.js'
import { type Html, html } from '../../../base/html.js'
import { getInstalledOfferingNames } from '../../../offerings/installed-offerings.js'
import { type ListedShare, listShares } from '../../../sharing/list-shares.js'
import { removeShare } from '../../../sharing/share-item.js'
import { Share } from '../../../sharing/share-items.js'
import type { Site } from '../../../site/site.js'
import type { Store } from '../../../store-engine/store.js'
import { notFound } from '../../refusal.js'
import { administerSlowly } from '../administer.js'
import { confirmation } from '../confirmation.js'
import { button, hidden } from '../form-parts.js'
import { address, numberIn, type TableColumn, tableOf } from '../table.js'
import { type AdminPage, actAt, showAt, type Visit } from '../visit.js'

/** How many are shown of one store. */
const MOST = 200

/** What a user, or the application store of an offering, shows to others, and ending it. One store at a time. */
export function registerShares(scope: FastifyInstance): void {
  showAt(scope, { path: '/shares', rights: ['users'] }, async visit => {
    const given = visit.query.get('of')
    return given === null ? choice(visit) : await sharesOf(visit, ownerOf(visit.site, given))
  })
  actAt(scope, { path: '/shares/remove', rights: ['users'] }, remove)
}

interface Owner {
  readonly account: LoginAccount
  readonly name: string
  readonly page: string
}

/** A person's account, or that of an application store. */
function ownerOf(site: Site, given: string): Owner {
  const account = site.store.findItemById(numberIn(given) ?? 0)
  if (!(account instanceof LoginAccount)) throw notFound()
  const name = nameOfAccount(readAccountRecord(site, account)) ?? `account ${account.storeID}`
  return { account, name, page: address('/admin/shares', { of: account.storeID }) }
}

function choice({ site }: Visit): AdminPage {
  const links = getInstalledOfferingNames(site.store).flatMap(name => {
    const account = findAccountByAddress(site, { localpart: name, domain: null })
    return account === undefined ? [] : [html`<li><a href="/admin/shares?of=${account.storeID}">${name}</a></li>`]
  })
  const body = html`<p>What a user shares is reached from <a href="/admin/users">the user's page</a>.</p>
<h2>Application stores</h2><ul>${links}</ul>`
  return { title: 'Shares', body }
}

async function sharesOf(visit: Visit, { account, name }: Owner): Promise<AdminPage> {
  const shares = await visit.host.withUserStore(account, firstShares)
  const columns: readonly TableColumn<ListedShare>[] = [
    { heading: 'ID', cell: ({ shareID, isDefault }) => (isDefault ? `${shareID} (default)` : shareID) },
    { heading: 'With', cell: ({ role }) => role ?? 'nobody: the role is gone' },
    { heading: 'What', cell: ({ type, item }) => `${type ?? 'something that is gone'} ${item ?? ''}` },
    { heading: 'Interfaces', cell: ({ interfaces }) => interfaces.join(', ') },
    { heading: 'End', cell: share => removeForm(visit, account, share) },
  ]
  const more = html`<p class="quiet">There may be more than these ${MOST}: <code>mantissa share list</code> has all.</p>`
  const body = html`${tableOf({ caption: 'Shares', columns, rows: shares, empty: 'Nothing is shared.' })}
${shares.length < MOST ? null : more}`
  return { title: `Shares of ${name}`, body }
}

function firstShares(store: Store): readonly ListedShare[] {
  const first: ListedShare[] = []
  for (const share of listShares(store)) if (first.push(share) === MOST) break
  return first
}

function removeForm(visit: Visit, account: LoginAccount, { id }: ListedShare): Html {
  const fields = html`${hidden('of', String(account.storeID))}${hidden('share', String(id))}`
  return visit.form('/admin/shares/remove', html`${fields}${button('End', 'second')}`)
}

/** By its number: an ID may stand for several shares. One that has ended meanwhile is nothing to complain about. */
async function remove(visit: Visit) {
  const { site, fields, host } = visit
  const { account, name, page } = ownerOf(site, fields.text('of'))
  const number = numberIn(fields.text('share')) ?? 0
  const found = await host.withUserStore(account, store => shareIn(store, number)?.shareID)
  if (found === undefined) return { goTo: page, notice: 'This share has ended already.' }
  const asked = confirmation(visit, {
    title: `End a share of ${name}`,
    sentence: `Who was shown ${found} by it sees it no more. What is shared stays.`,
    yes: 'End the share',
    back: page,
    kept: ['of', 'share'],
  })
  if (asked !== undefined) return asked
  const act = { verb: 'share remove', args: { store: name, share: found, id: number } }
  await administerSlowly(visit, act, () => host.withUserStore(account, store => end(store, number)))
  return { goTo: page, notice: `A share of ${found} is ended.` }
}

function end(store: Store, number: number): void {
  store.transact(() => {
    const share = shareIn(store, number)
    if (share !== undefined) removeShare(share)
  })
}

function shareIn(store: Store, number: number): Share | undefined {
  return store.findFirst(Share, Share.storeID.equals(number))
}
