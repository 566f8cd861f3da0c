import { rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { subStoreOf } from '../../../src/accounts/account-rows.js'
import { StoreSizes } from '../../../src/web/admin/overview/store-sizes.js'
import { addUser, openNewSite } from '../../support/sites.js'

it('measures all stores, the largest first, opens none, and asks again only after a while', async () => {
  const site = await openNewSite()
  for (let index = 0; index < 10; index += 1) addUser(site, `user${index}@example.com`)
  const large = addUser(site, 'large@example.com')
  subStoreOf(large)?.use(store =>
    store.transact(() => store.sql.exec('CREATE TABLE large AS SELECT randomblob(200000) AS x')),
  )
  const gone = addUser(site, 'gone@example.com')
  rmSync(subStoreOf(gone)?.storepath ?? '', { recursive: true })
  const sizes = new StoreSizes(site)
  expect(sizes.measured).toBeUndefined()
  await sizes.refresh(1000)
  expect(sizes.measured).toMatchObject({ stores: 12, at: 1000 })
  expect(sizes.measured?.largest).toHaveLength(10)
  expect(sizes.measured?.largest[0]).toMatchObject({ name: 'large@example.com', accountId: large.storeID })
  expect(sizes.measured?.largest[0]?.bytes).toBeGreaterThan(200_000)
  expect(subStoreOf(large)?.isOpen).toBe(false)
  await sizes.refresh(2000)
  expect(sizes.measured?.at).toBe(1000)
  await sizes.refresh(1000 + 300_000)
  expect(sizes.measured?.at).toBe(301_000)
})
