import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type MethodRecord, nameOfAccount } from '../../src/accounts/account-record.js'
import { readAccountRecord } from '../../src/accounts/account-rows.js'
import { createAccount } from '../../src/accounts/create-account.js'
import { findAccountByAddress, getAccountByAddress } from '../../src/accounts/find-account.js'
import { addLoginMethod } from '../../src/accounts/login-methods.js'
import { type Address, parseAddress } from '../../src/base/address.js'
import { Role, RoleRelationship, Share } from '../../src/sharing/share-items.js'
import { Site } from '../../src/site/site.js'
import { and } from '../../src/store-engine/queries/comparison.js'
import type { Store } from '../../src/store-engine/store.js'
import { importUser } from '../../src/transfer/arriving/import-user.js'
import { openCarried } from '../../src/transfer/copying/open-carried.js'
import { exportUser } from '../../src/transfer/leaving/export-user.js'
import { transferUser } from '../../src/transfer/transfer-user.js'
import { cloneFixture } from '../support/fixtures.js'
import { rawRowsBelow } from '../support/raw-rows.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { faultsOf } from './applications/notes-sites.js'
import { directoryOfUser, keep, newSite, storeOfUser } from './two-sites.js'

const BOARD = parseAddress('board@example.com')
const MORE = ['notices@example.org', 'Noticeboard@voice.example.net']

type Kind = readonly [kind: string, more: readonly string[], disabled: boolean]
const kinds: readonly Kind[] = [
  ['with one address', [], false],
  ['with addresses in several domains', MORE, false],
  ['disabled, with addresses in several domains', MORE, true],
]

/** Somebody whom nobody is: no password, and nothing but what is shown to others. */
function addArtificialUser(site: Site, [, more, disabled]: Kind): void {
  const account = createAccount(site, { address: BOARD, passwordHash: null, disabled })
  for (const [index, address] of more.entries()) {
    const kind = { protocol: index === 0 ? '*' : 'sip', internal: index === 0, verified: index === 0 }
    addLoginMethod(account, { ...parseAddress(address), ...kind })
  }
  const store = storeOfUser(site, 'board@example.com')
  store.transact(() => {
    const [everyone, bob] = ['Everyone', 'bob@example.com'].map(externalID => store.create(Role, { externalID }))
    store.create(RoleRelationship, { member: bob ?? null, group: everyone ?? null })
    for (const [shareID, sharedTo] of [
      ['notice', everyone],
      ['draft', bob],
    ] as const)
      store.create(Share, { shareID, sharedItem: bob as Role, sharedTo: sharedTo as Role, sharedInterfaceNames: '*' })
  })
  store.close()
}

/** What a role may see of a share; roles that it belongs to count. */
function seen(store: Store, externalID: string, shareID: string): unknown {
  const role = store.findUnique(Role, Role.externalID.equals(externalID))
  const groups = store.query(RoleRelationship, { where: RoleRelationship.member.equals(role) }).toArray()
  const roles = [role, ...groups.map(({ group }) => group)]
  return roles
    .map(sharedTo =>
      store.findFirst(Share, and(Share.shareID.equals(shareID), Share.sharedTo.equals(sharedTo as Role))),
    )
    .find(share => share !== undefined)?.sharedItem
}

function expectShown(site: Site): void {
  using store = openCarried(directoryOfUser(site, 'board@example.com'), { readonly: true })
  const bob = store.findUnique(Role, Role.externalID.equals('bob@example.com'))
  expect(seen(store, 'Everyone', 'notice')).toBe(bob)
  expect(seen(store, 'Everyone', 'draft')).toBeUndefined()
  expect(seen(store, 'bob@example.com', 'notice')).toBe(bob)
  expect(seen(store, 'bob@example.com', 'draft')).toBe(bob)
}

const recordIn = (site: Site, address: Address) => readAccountRecord(site, getAccountByAddress(site, address))
const rowsIn = (site: Site) => rawRowsBelow(directoryOfUser(site, 'board@example.com'))
const addressOf = ({ localpart, domain }: MethodRecord) => ({ localpart, domain })

describe.each(kinds)('an account without a password, %s,', (...kind) => {
  it('moves to and fro, row by row, and its shares are found', async () => {
    const sites = [newSite('one.axiom'), newSite('two.axiom')] as const
    addArtificialUser(sites[0], kind)
    const [before, record] = [rowsIn(sites[0]), recordIn(sites[0], BOARD)]
    expect(record).toMatchObject({ passwordHash: null, disabled: kind[2] })
    for (const [from, to] of [sites, [sites[1], sites[0]], sites] as const) {
      await transferUser(from, BOARD, { to })
      expect(rowsIn(to)).toEqual(before)
      expect(recordIn(to, BOARD)).toEqual(record)
      for (const method of record.methods) {
        expect(findAccountByAddress(to, addressOf(method))?.storeID).toBe(getAccountByAddress(to, BOARD).storeID)
        expect(findAccountByAddress(from, addressOf(method))).toBeUndefined()
      }
      expectShown(to)
      expect([await faultsOf(from), await faultsOf(to)]).toEqual([[], []])
    }
  })

  it.each(['archive', 'directory'] as const)('leaves with an %s, and comes back', async form => {
    const site = newSite()
    addArtificialUser(site, kind)
    const [before, record] = [rowsIn(site), recordIn(site, BOARD)]
    const place = temporaryDirectory()
    const to =
      form === 'archive'
        ? ({ kind: 'archive', file: join(place, 'board.tar.gz') } as const)
        : ({ kind: 'directory', directory: place } as const)
    const { path } = await exportUser(site, BOARD, { to, remove: true })
    expect(findAccountByAddress(site, BOARD)).toBeUndefined()
    const from =
      form === 'archive'
        ? ({ kind: 'archive', input: createReadStream(path as string) } as const)
        : ({ kind: 'directory', directory: path as string } as const)
    expect(await importUser(site, from)).toMatchObject({ identity: 'kept', disabled: kind[2], offering: null })
    expect(rowsIn(site)).toEqual(before)
    expect(recordIn(site, BOARD)).toEqual(record)
    expectShown(site)
    expect(await faultsOf(site)).toEqual([])
  })
})

it('a user of the original keeps roles, shares and their default without a password too', async () => {
  const [source, target] = [keep(Site.open(cloneFixture('divmod-site.axiom'))), newSite('to.axiom')]
  const carol = parseAddress('carol@example.net')
  const account = getAccountByAddress(source, carol)
  account.passwordHash = null
  const rowsOf = (site: Site) => [...rawRowsBelow(directoryOfUser(site, 'carol@example.net'))]
  const before = rowsOf(source)
  for (const type of ['sharing_share', 'sharing_role', 'sharing_relationship'])
    expect(
      before.some(([key]) => key.includes(` item_${type}_v`)),
      type,
    ).toBe(true)
  await transferUser(source, carol, { to: target })
  const differing = rowsOf(target).filter(([key, row]) => new Map(before).get(key) !== row)
  expect(differing.map(([key]) => key)).toEqual([expect.stringMatching(/ item_login_v3 \d+$/)])
  expect(nameOfAccount(recordIn(target, carol))).toBe('carol@example.net')
  expect(recordIn(target, carol).passwordHash).toBeNull()
  const shared = storeOfUser(target, 'carol@example.net').query(Share).toArray()
  expect(shared.length).toBeGreaterThan(0)
  for (const share of shared) expect(share.sharedTo).toBeInstanceOf(Role)
})
