import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { appStoreSegments, chooseUserStoreSegments, directoryOf, userStoreSegments } from '../../src/site/layout.js'
import { reserve } from '../../src/site/reservations.js'
import { SubStore } from '../../src/store-engine/sub-store.js'
import { bareSite } from './bare-site.js'

const alice = { localpart: 'alice', domain: 'example.com' }

it('lays stores out as the original did', () => {
  expect(userStoreSegments(alice)).toEqual(['account', 'example.com', 'alice.axiom'])
  expect(appStoreSegments('notes')).toEqual(['app', 'notes.axiom'])
  expect(() => userStoreSegments({ localpart: 'notes', domain: null })).toThrow('has no domain')
})

it.each([
  [{ localpart: '..', domain: '..' }],
  [{ localpart: 'a/b', domain: 'example.com' }],
  [{ localpart: 'a', domain: '..' }],
])('never leads out of the site: %j', address => {
  const { store } = bareSite()
  expect(() => directoryOf(store, userStoreSegments(address))).toThrow(expect.objectContaining({ code: 'UNSAFE_PATH' }))
})

it('chooses what nothing uses: on the disk, in an item, reserved, or by the same call', () => {
  const site = bareSite()
  const { store } = site
  mkdirSync(join(site.directory, 'files/account/example.com/alice.axiom'), { recursive: true })
  store.create(SubStore, { storepath: store.filePath('account', 'example.com', 'ALICE~2.axiom') })
  store.transact(() => reserve(site, 'x', { directories: ['account/example.com/alice~3.axiom'] }))
  const names = chooseUserStoreSegments(store, [alice, alice]).map(segments => segments[2])
  expect(names).toEqual(['alice~4.axiom', 'alice~5.axiom'])
})
