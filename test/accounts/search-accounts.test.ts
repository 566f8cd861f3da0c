import { expect, it } from 'vitest'
import { addLoginMethod } from '../../src/accounts/login-methods.js'
import { searchAccounts } from '../../src/accounts/search-accounts.js'
import { parseAddress } from '../../src/base/address.js'
import { addUser, openNewSite } from '../support/sites.js'

const namesOf = (...[site, search]: Parameters<typeof searchAccounts>) =>
  searchAccounts(site, search).accounts.map(({ addresses }) => addresses[0])

it('finds people by a part of any address, in pages that go on from both ends', async () => {
  const site = await openNewSite()
  const people = ['ann', 'bob', 'carl', 'dora', 'e_e', 'e%e'].map(name => addUser(site, `${name}@example.com`))
  expect(namesOf(site)).toHaveLength(6)
  expect(namesOf(site, { text: 'BOB@Exam' })).toEqual(['bob@example.com'])
  for (const text of ['_', '%']) expect(namesOf(site, { text })).toEqual([`e${text}e@example.com`])
  for (const text of ['nobody', '\\', "' OR 1=1 --"]) expect(namesOf(site, { text })).toEqual([])
  expect(searchAccounts(site, { limit: 4 })).toMatchObject({ hasBefore: false, hasAfter: true })
  const after = people[1]?.storeID ?? 0
  expect(namesOf(site, { limit: 2, after })).toEqual(['carl@example.com', 'dora@example.com'])
  expect(searchAccounts(site, { limit: 2, after })).toMatchObject({ hasBefore: true, hasAfter: true })
  const before = people[3]?.storeID ?? 0
  expect(namesOf(site, { limit: 2, before })).toEqual(['bob@example.com', 'carl@example.com'])
  expect(searchAccounts(site, { limit: 2, before })).toMatchObject({ hasBefore: true, hasAfter: true })
  expect(searchAccounts(site, { limit: 3, before })).toMatchObject({ hasBefore: false, hasAfter: true })
  expect(searchAccounts(site, { after: 10 ** 9 })).toMatchObject({ accounts: [], hasAfter: false })
})

it('shows whoever has several addresses once, with all of them', async () => {
  const site = await openNewSite()
  const ann = addUser(site, 'ann@example.com')
  addLoginMethod(ann, { ...parseAddress('anna@example.org'), protocol: '*', internal: false, verified: true })
  expect(searchAccounts(site, { text: 'ann' }).accounts).toMatchObject([
    { accountId: ann.storeID, addresses: ['ann@example.com', 'anna@example.org'], disabled: false, hasPassword: false },
  ])
})
