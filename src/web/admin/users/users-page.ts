import type { FastifyInstance } from 'fastify'
import { type FoundAccount, searchAccounts } from '../../../accounts/search-accounts.js'
import { parseExistingAddress } from '../../../base/address.js'
import { type Html, html } from '../../../base/html.js'
import type { Site } from '../../../site/site.js'
import { findTombstone } from '../../../site/tombstones.js'
import { searchForm } from '../form-parts.js'
import { numberIn, pager, type TableColumn, tableOf } from '../table.js'
import { type AdminPage, showAt, type Visit } from '../visit.js'
import { registerNewUser } from './new-user.js'
import { registerOneUser } from './one-user.js'

/** Longer than every address. */
const LONGEST_SEARCH = 254

/** People: looking for them, making them, and what can be done with one. */
export function registerUsers(scope: FastifyInstance): void {
  showAt(scope, { path: '/users', rights: ['users', 'offerings'] }, usersPage)
  registerNewUser(scope)
  registerOneUser(scope)
}

const COLUMNS: readonly TableColumn<FoundAccount>[] = [
  {
    heading: 'Address',
    cell: ({ accountId, addresses }) => html`<a href="/admin/users/${accountId}">${addresses[0]}</a>`,
  },
  { heading: 'Further addresses', cell: ({ addresses }) => addresses.slice(1).join(', ') },
  { heading: 'State', cell: ({ disabled }) => (disabled ? 'disabled' : 'enabled') },
  { heading: 'Password', cell: ({ hasPassword }) => (hasPassword ? 'set' : 'none') },
]

function usersPage({ site, query, administrator }: Visit): AdminPage {
  const text = (query.get('q') ?? '').trim().slice(0, LONGEST_SEARCH)
  const [after, before] = [numberIn(query.get('after')), numberIn(query.get('before'))]
  const { accounts, hasAfter, hasBefore } = searchAccounts(site, {
    text,
    ...(after === undefined ? {} : { after }),
    ...(before === undefined ? {} : { before }),
  })
  const pages = {
    path: '/admin/users',
    kept: { q: text },
    after: hasAfter ? accounts.at(-1)?.accountId : undefined,
    before: hasBefore ? accounts[0]?.accountId : undefined,
  }
  const body = html`${searchForm('/admin/users', 'Part of an address', text)}
${administrator.rights.has('users') ? html`<p><a class="button" href="/admin/users/new">Create a user</a></p>` : null}
${tableOf({ caption: 'Users', columns: COLUMNS, rows: accounts, empty: 'There is nobody of that name.' })}
${accounts.length === 0 ? whereIs(site, text) : null}${pager(pages)}`
  return { title: 'Users', body }
}

/** Somebody who has moved away is not among the accounts any more. */
function whereIs(site: Site, text: string): Html | null {
  const stone = text.includes('@') ? findTombstone(site, parseExistingAddress(text)) : undefined
  if (stone === undefined) return null
  return html`<p>${stone.address} has moved to ${stone.publicUrl ?? stone.targetPath ?? 'another site'}.</p>`
}
