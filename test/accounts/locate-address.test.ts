import { renameSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { authenticate, preauthenticate } from '../../src/accounts/authenticate.js'
import { createAccount } from '../../src/accounts/create-account.js'
import { getAccountByAddress } from '../../src/accounts/find-account.js'
import { getLoginSystem } from '../../src/accounts/login-system.js'
import { hashPassword } from '../../src/accounts/password.js'
import { setDisabled } from '../../src/accounts/set-disabled.js'
import { parseAddress, parseExistingAddress } from '../../src/base/address.js'
import { locateAddress } from '../../src/index.js'
import { PUBLIC_URL, writeSetting } from '../../src/site/settings.js'
import type { Site } from '../../src/site/site.js'
import { transferUser } from '../../src/transfer/transfer-user.js'
import { addUser, newSite } from '../transfer/two-sites.js'
import { quickestOf } from './quickest-of.js'

const ALICE = parseExistingAddress('alice@example.com')

const move = (from: Site, to: Site, name = 'alice@example.com') =>
  transferUser(from, parseExistingAddress(name), { to })

/** What an administrator is told who asks for alice. */
function told(site: Site) {
  try {
    return getAccountByAddress(site, ALICE).storeID
  } catch (error) {
    return error as { readonly code: string; readonly message: string; readonly hint: string; readonly details: object }
  }
}

describe('locateAddress', () => {
  it('finds accounts as they are compared, disabled ones too, and takes any text', () => {
    const site = newSite()
    addUser(site, 'alice@example.com')
    addUser(site, 'zoë@example.com')
    const account = getAccountByAddress(site, ALICE)
    expect(locateAddress(site, 'ALICE@Example.COM')).toEqual({ kind: 'here', account })
    setDisabled(site, account, true)
    expect(locateAddress(site, 'alice@example.com')).toMatchObject({ kind: 'here' })
    expect(locateAddress(site, 'zoe\u0308@example.com')).toMatchObject({ kind: 'here' })
    for (const text of ['', '\0', 'half\ud800@example.com', 'nobody@example.com', '@', 'alice'])
      expect(locateAddress(site, text)).toEqual({ kind: 'unknown' })
  })

  it('says where an address went, with everything that a redirection needs', async () => {
    const [source, target] = [newSite(), newSite()]
    writeSetting(target, PUBLIC_URL, 'https://west.example.com')
    addUser(source, 'zoë@example.com')
    const { storeId, transferId } = await move(source, target, 'zoë@example.com')
    const location = locateAddress(source, 'Zoe\u0308@EXAMPLE.com')
    expect(location).toEqual({
      kind: 'moved',
      to: {
        path: target.directory,
        siteId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        publicUrl: 'https://west.example.com',
        epoch: 1,
        since: expect.stringMatching(/^20\d\d-.*Z$/),
        storeId,
        transferId,
      },
    })
    expect(locateAddress(target, 'zoë@example.com')).toMatchObject({ kind: 'here' })
  })

  it('is content with the first step of a longer way, and prefers who has the name now', async () => {
    const [a, b, c] = [newSite('a.axiom'), newSite('b.axiom'), newSite('c.axiom')]
    addUser(a, 'alice@example.com')
    await move(a, b)
    await move(b, c)
    expect(locateAddress(a, 'alice@example.com')).toMatchObject({ kind: 'moved', to: { path: b.directory } })
    createAccount(a, { address: parseAddress('alice@example.com'), passwordHash: null }, { reuseNames: true })
    expect(locateAddress(a, 'alice@example.com')).toMatchObject({ kind: 'here' })
  })
})

describe('whoever asks for somebody who has moved', () => {
  it('is told the last place, and the way there', async () => {
    const [a, b, c] = [newSite('a.axiom'), newSite('b.axiom'), newSite('c.axiom')]
    addUser(a, 'alice@example.com')
    await move(a, b)
    writeSetting(c, PUBLIC_URL, 'https://c.example.com')
    const { transferId, storeId } = await move(b, c)
    expect(told(a)).toMatchObject({
      code: 'MOVED',
      message: expect.stringContaining(`moved to ${c.directory}, by way of ${b.directory} (since 20`),
      hint: `run the same command with --site ${c.directory}`,
      details: {
        target: c.directory,
        publicUrl: 'https://c.example.com',
        epoch: 2,
        storeId,
        transferId,
        end: 'arrived',
        via: [{ path: b.directory, epoch: 1 }],
      },
    })
  })

  it('is led back to a user who came back, and in no circle', async () => {
    const [a, b] = [newSite('a.axiom'), newSite('b.axiom')]
    addUser(a, 'alice@example.com')
    await move(a, b)
    await move(b, a)
    expect(told(a)).toBe(getAccountByAddress(a, ALICE).storeID)
    expect(told(b)).toMatchObject({ details: { target: a.directory, end: 'arrived', via: [] } })
    await move(a, b)
    expect(told(a)).toMatchObject({ details: { target: b.directory, epoch: 3, end: 'arrived', via: [] } })
    // Somebody else has taken her stone of the later epoch away: what is left points to and fro.
    a.store.transact(() => a.store.sql.run('UPDATE mantissa_tombstone SET epoch = 1'))
    b.store.transact(() =>
      b.store.sql.run(
        `INSERT INTO mantissa_tombstone SELECT 'alice@example.com', 'alice@example.com', store_id, 1, ?, NULL, NULL, NULL, 1
        FROM (SELECT store_id FROM mantissa_transfer LIMIT 1)`,
        a.directory,
      ),
    )
    expect(told(a)).toMatchObject({ details: { target: b.directory, via: [] } })
  })

  it('is told what is known where a site cannot be read, is another one, or knows her no more', async () => {
    const [a, b, c] = [newSite('a.axiom'), newSite('b.axiom'), newSite('c.axiom')]
    addUser(a, 'alice@example.com')
    await move(a, b)
    await move(b, c)
    c.close()
    renameSync(c.directory, `${c.directory}.away`)
    expect(told(a)).toMatchObject({
      message: expect.stringContaining('; that site cannot be read from here'),
      details: { target: c.directory, end: 'unreadable', via: [{ path: b.directory }] },
    })
    renameSync(`${c.directory}.away`, c.directory)
    b.store.transact(() => b.store.sql.run('DELETE FROM mantissa_tombstone'))
    expect(told(a)).toMatchObject({
      message: expect.stringContaining('; that site has no such account any more'),
      details: { target: b.directory, end: 'lost', via: [] },
    })
    b.store.transact(() => b.store.sql.run("UPDATE mantissa_site SET site_id = 'another'"))
    expect(told(a)).toMatchObject({ details: { target: b.directory, end: 'unreadable' } })
  })

  it('is not led after somebody else of the same name', async () => {
    const [a, b, c] = [newSite('a.axiom'), newSite('b.axiom'), newSite('c.axiom')]
    addUser(a, 'alice@example.com')
    addUser(b, 'ALICE@example.com')
    await move(b, c, 'alice@example.com')
    await expect(move(a, b)).rejects.toThrow(expect.objectContaining({ code: 'ADDRESS_MOVED' }))
    await transferUser(a, ALICE, { to: b, reuseNames: true })
    expect(told(a)).toMatchObject({ details: { target: b.directory, end: 'arrived', via: [] } })
    expect(told(b)).toBe(getAccountByAddress(b, ALICE).storeID)
    expect(b.store.sql.pluck('SELECT name FROM mantissa_tombstone')).toEqual([])
  })
})

describe('a login on the old node', () => {
  it('tells nobody that a name has moved: the same error, the same count, the same time', async () => {
    const [source, target] = [newSite(), newSite()]
    const passwordHash = await hashPassword('right')
    for (const name of ['alice@example.com', 'bob@example.com'])
      createAccount(source, { address: parseAddress(name), passwordHash })
    await move(source, target)
    const attempt = (name: string) => authenticate(source, name, 'right')
    const errorFor = async (name: string) =>
      (await attempt(name).catch((thrown: unknown) => thrown)) as Error & {
        code: string
        hint: string
        details: object
      }
    const [moved, unknown] = [await errorFor('alice@example.com'), await errorFor('nobody@example.com')]
    for (const key of ['name', 'code', 'message', 'hint', 'details'] as const) expect(moved[key]).toEqual(unknown[key])
    expect(getLoginSystem(source.store).failedLogins).toBe(2)
    expect(await attempt('bob@example.com')).toBeDefined()
    const [known, gone] = await quickestOf(
      () => attempt('bob@example.com'),
      () => attempt('alice@example.com'),
    )
    expect(gone).toBeGreaterThan(known / 4)
    expect(() => preauthenticate(source, 'alice@example.com')).toThrow(
      expect.objectContaining({ code: 'LOGIN_NO_SUCH_USER' }),
    )
    expect(await authenticate(target, 'alice@example.com', 'right')).toBeDefined()
  })
})
