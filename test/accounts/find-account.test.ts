import { expect, it, onTestFinished } from 'vitest'
import { removeAccountRows } from '../../src/accounts/account-rows.js'
import { findAccountByAddress, getAccountByAddress } from '../../src/accounts/find-account.js'
import { locateAddress } from '../../src/accounts/locate-address.js'
import { parseExistingAddress } from '../../src/base/address.js'
import { Site } from '../../src/site/site.js'
import { sqlTrace } from '../../src/store-engine/database/sql-trace.js'
import { addUser } from '../transfer/two-sites.js'
import { newSite } from './new-site.js'

const ALICE = parseExistingAddress('alice@example.com')

/** Two openings of one site with alice; the second removes her once the first has read her login method. */
function removedWhileRead(): Site {
  const here = newSite()
  addUser(here, 'alice@example.com')
  const { directory } = here
  const site = Site.open(directory, { readonly: true })
  const other = Site.open(directory)
  onTestFinished(() => {
    sqlTrace.listener = undefined
    site.close()
    other.close()
  })
  const account = getAccountByAddress(other, ALICE)
  let methodsRead = 0
  sqlTrace.listener = sql => {
    if (sql.includes('item_login_method')) methodsRead += 1
    else if (methodsRead > 0 && /FROM "?(axiom_objects|item_login_v3)/.test(sql)) {
      sqlTrace.listener = undefined
      other.store.transact(() => removeAccountRows(other.store, account))
    }
  }
  return site
}

const seen = () => sqlTrace.listener === undefined

it('an account that is removed while it is looked for is found as it was', () => {
  const site = removedWhileRead()
  const account = findAccountByAddress(site, ALICE)
  expect([seen(), account?.isDisabled]).toEqual([true, false])
  expect(findAccountByAddress(site, ALICE)).toBeUndefined()
  expect(() => getAccountByAddress(site, ALICE)).toThrow(expect.objectContaining({ code: 'NO_SUCH_USER' }))
})

it('who asks where it is hears that it is here, and then that nobody has the address', () => {
  const site = removedWhileRead()
  expect(locateAddress(site, 'alice@example.com')).toMatchObject({ kind: 'here' })
  expect([seen(), locateAddress(site, 'alice@example.com')]).toEqual([true, { kind: 'unknown' }])
})
