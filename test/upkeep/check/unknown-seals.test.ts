import { expect, it } from 'vitest'
import { changeFence, ensureFence } from '../../../src/site/fence.js'
import { readIdentity } from '../../../src/site/identity.js'
import { Site } from '../../../src/site/site.js'
import { recordTombstone } from '../../../src/site/tombstones.js'
import type { Fence } from '../../../src/store-engine/database/write-fence.js'
import { Store } from '../../../src/store-engine/store.js'
import { repair } from '../../../src/upkeep/check/repair.js'
import { findingsIn, smallSite } from './small-site.js'

const UNKNOWN = '01UNKNOWNTRANSFER000000000'

/** A site whose alice has a store that is closed for a transfer that the site does not know. */
function sealedSite(fence: Partial<Fence> = {}) {
  const { directory, alice } = smallSite()
  using site = Site.open(directory)
  using store = Store.open(alice)
  ensureFence(store, readIdentity(site)?.siteId ?? '')
  const { storeId } = changeFence(store, {}, { state: 'sealed', transferId: UNKNOWN, epoch: 4, ...fence })
  return { directory, alice, storeId }
}

const unexplained = async (directory: string) =>
  (await findingsIn(directory)).filter(({ code }) => code === 'FENCE_UNEXPLAINED')

it('a seal of an unknown transfer is opened where the site owns the store and nothing says that it left', async () => {
  const { directory, alice } = sealedSite()
  const [finding] = await unexplained(directory)
  expect(finding).toMatchObject({ message: expect.stringContaining(UNKNOWN), repair: 'let the user write again' })
  using site = Site.open(directory)
  expect(repair(site, finding as NonNullable<typeof finding>).status).toBe('done')
  using store = Store.open(alice)
  expect(store.readFence()).toMatchObject({ state: 'active', epoch: 6 })
  expect(await unexplained(directory)).toEqual([])
})

it.each([
  ['of another owner', { owner: 'another site' }],
  ['prepared', { state: 'prepared' }],
  ['retired', { state: 'retired' }],
] as const)('one %s is left to somebody who knows', async (_, fence) => {
  const { directory } = sealedSite(fence)
  const [finding] = await unexplained(directory)
  expect(finding).toMatchObject({ message: expect.stringContaining('lives at another site') })
  expect(finding?.repair).toBeUndefined()
})

it('one that a tombstone speaks of is left, also where that was written after the check', async () => {
  const { directory, storeId } = sealedSite()
  const [finding] = await unexplained(directory)
  using site = Site.open(directory)
  const stone = { storeId, epoch: 5, targetPath: null, targetSiteId: null, publicUrl: null, transferId: UNKNOWN }
  site.store.transact(() => recordTombstone(site, { localpart: 'gone', domain: 'example.com' }, stone))
  expect(repair(site, finding as NonNullable<typeof finding>).status).toBe('gone')
  const [again] = await unexplained(directory)
  expect(again?.repair).toBeUndefined()
})
