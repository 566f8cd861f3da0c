import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { beginDeed, type Deed, finishDeed, listDeeds, registerDeedRecovery } from '../../src/site/deeds.js'
import { isLocked, tryLock } from '../../src/site/locks.js'
import { Site } from '../../src/site/site.js'
import { bareSite } from './bare-site.js'

const seen: Deed[] = []
let failing = false
registerDeedRecovery('test-deed', (site, deed) => {
  if (failing) throw new Error('the disk is full')
  seen.push(deed)
  finishDeed(site, deed)
})

function locksOf(site: Site): readonly string[] {
  return readdirSync(join(site.directory, 'run/locks')).filter(name => name.endsWith('.lock'))
}

it('leaves the deeds of a process that lives alone, and recovers them when it is gone', () => {
  const first = bareSite()
  const deed = beginDeed(first, 'test-deed', { step: 1 })
  using second = Site.open(first.directory)
  expect(seen).toEqual([])
  expect(listDeeds(second)).toMatchObject([{ kind: 'test-deed', detail: { step: 1 }, error: null }])
  first.close()
  using third = Site.open(first.directory)
  expect(seen).toMatchObject([{ id: deed.id }])
  expect(listDeeds(third)).toEqual([])
  expect(locksOf(third)).toEqual([])
})

it('keeps a deed that cannot be recovered, with the reason, and opens all the same', () => {
  const first = bareSite()
  beginDeed(first, 'test-deed', {})
  first.close()
  failing = true
  using second = Site.open(first.directory)
  expect(listDeeds(second)).toMatchObject([{ error: 'the disk is full' }])
  failing = false
  using third = Site.open(first.directory)
  expect(listDeeds(third)).toEqual([])
})

it('leaves deeds alone whose kind it does not know, and all when it only reads', () => {
  const first = bareSite()
  beginDeed(first, 'of-another-version', {})
  beginDeed(first, 'test-deed', {})
  first.close()
  const before = seen.length
  Site.open(first.directory, { readonly: true }).close()
  Site.open(first.directory, { recover: false }).close()
  expect(seen).toHaveLength(before)
  using second = Site.open(first.directory)
  expect(listDeeds(second)).toMatchObject([{ kind: 'of-another-version', error: null }])
})

it('leaves no lock file of a process that ended well', () => {
  const site = bareSite()
  finishDeed(site, beginDeed(site, 'test-deed', {}))
  expect(locksOf(site)).toHaveLength(1)
  site.close()
  expect(locksOf(site)).toEqual([])
})

it('holds a lock once', () => {
  const site = bareSite()
  const lock = tryLock(site, 'a-transfer')
  expect(lock).toBeDefined()
  expect(tryLock(site, 'a-transfer')).toBeUndefined()
  expect(isLocked(site, 'a-transfer')).toBe(true)
  lock?.release()
  expect(isLocked(site, 'a-transfer')).toBe(false)
})

it('keeps locks in files that nobody else can open', () => {
  const site = bareSite()
  using lock = tryLock(site, 'mine')
  expect(lock).toBeDefined()
  expect(statSync(join(site.directory, 'run/locks/mine.lock')).mode & 0o777).toBe(0o600)
  expect(statSync(join(site.directory, 'run/locks')).mode & 0o777).toBe(0o700)
})

it('a detail that is no JSON is damage', () => {
  const site = bareSite()
  beginDeed(site, 'test-deed', {})
  site.store.transact(() => site.store.sql.run(`UPDATE mantissa_deed SET detail = 'no'`))
  expect(() => listDeeds(site)).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }))
})
