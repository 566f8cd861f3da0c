import { existsSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readAccountRecord } from '../../src/accounts/account-rows.js'
import { getAccountByAddress } from '../../src/accounts/find-account.js'
import { removeAccount } from '../../src/accounts/remove-account.js'
import { parseExistingAddress } from '../../src/base/address.js'
import { makeAdministrator } from '../../src/offerings/administrator.js'
import { ensureFence } from '../../src/site/fence.js'
import type { Site } from '../../src/site/site.js'
import { readFence } from '../../src/store-engine/database/write-fence.js'
import { Store } from '../../src/store-engine/store.js'
import { importUser } from '../../src/transfer/arriving/import-user.js'
import { planImport } from '../../src/transfer/arriving/plan-import.js'
import { exportUser } from '../../src/transfer/leaving/export-user.js'
import { planUserTransfer, transferUser } from '../../src/transfer/transfer-user.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { addUser, newSite, storeOfUser } from './two-sites.js'

const ALICE = parseExistingAddress('alice@example.com')
const MALLORY = parseExistingAddress('mallory@example.com')

/** The directory of mallory@example.com's store as she hands it in, after she has been at it. */
async function handedIn(...statements: readonly string[]): Promise<string> {
  const site = newSite()
  addUser(site, 'mallory@example.com')
  const { path } = await exportUser(site, MALLORY, { to: { kind: 'directory', directory: temporaryDirectory() } })
  using store = Store.open(path as string, { tolerateNewer: true })
  const change = () => {
    for (const statement of statements) store.sql.exec(statement)
  }
  store.transact(change, { ignoreFence: true })
  return path as string
}

const take = (site: Site, directory: string) => importUser(site, { kind: 'directory', directory })

async function codeOf(directory: string): Promise<unknown> {
  const site = newSite()
  const code = await take(site, directory).then(
    () => 'imported',
    (error: { code: string }) => error.code,
  )
  if (code !== 'imported') expect(existsSync(join(site.directory, 'files/account'))).toBe(false)
  return code
}

describe('a directory from a stranger', () => {
  it.each(['db.sqlite', 'db.sqlite-wal', 'files'])(
    'is refused when its %s is a link to somebody else’s',
    async name => {
      const theirs = await handedIn()
      const directory = await handedIn()
      rmSync(join(directory, name), { recursive: true, force: true })
      symlinkSync(join(theirs, name), join(directory, name))
      expect(await codeOf(directory)).toBe('FILE_NOT_MOVABLE')
    },
  )

  it('may itself be reached by a link', async () => {
    const directory = await handedIn()
    renameSync(directory, `${directory}.real`)
    symlinkSync(`${directory}.real`, directory)
    expect(await codeOf(directory)).toBe('imported')
  })
})

describe('a store from a stranger', () => {
  it('with a thousand old accounts is refused before their passwords are hashed', async () => {
    const directory = await handedIn(
      "INSERT INTO axiom_types (oid, typename, module, version) VALUES (900, 'login', 'axiom.userbase', 2)",
      "INSERT INTO axiom_attributes VALUES (900, 0, 0, 'INTEGER', 1, 'reference', 'avatars', '')",
      "INSERT INTO axiom_attributes VALUES (900, 1, 0, 'INTEGER', 1, 'integer', 'disabled', '')",
      "INSERT INTO axiom_attributes VALUES (900, 2, 0, 'TEXT', 1, 'text', 'password', '')",
      'CREATE TABLE item_login_v2 (oid INTEGER PRIMARY KEY, avatars INTEGER, disabled INTEGER, password TEXT)',
      `WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        INSERT INTO item_login_v2 SELECT i, -1, 0, 'x' FROM n`,
    )
    const began = performance.now()
    expect(await codeOf(directory)).toBe('NO_ACCOUNT_IN_STORE')
    expect(performance.now() - began).toBeLessThan(5000)
  })

  it('with more addresses than anybody has is refused', async () => {
    const directory = await handedIn(
      `WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 2001)
        INSERT INTO item_login_method_v2 (oid, account, domain, internal, localpart, protocol, verified)
        SELECT i, account, 'victim.com', 1, 'user' || i, 'email', 1 FROM n, item_login_method_v2`,
    )
    expect(await codeOf(directory)).toBe('STORE_WITH_TOO_MANY_ADDRESSES')
  })

  it.each([
    ['store_id', "'alice'"],
    ['epoch', "'many'"],
    ['epoch', '9007199254740991'],
    ['epoch', '-1'],
  ])('with a fence whose %s is %s is refused', async (column, value) => {
    expect(await codeOf(await handedIn(`UPDATE mantissa_fence SET ${column} = ${value}`))).toBe(
      'STORE_IDENTITY_INVALID',
    )
  })

  it('has the fence that this site gives it, whatever lies beside', async () => {
    const directory = await handedIn(
      'ALTER TABLE mantissa_fence RENAME TO mantissa_was',
      'CREATE TABLE "Mantissa_Fence" (only, store_id, epoch, owner, state, transfer_id)',
      `INSERT INTO "Mantissa_Fence" VALUES (1, 'x', 0, '', 'active', NULL)`,
    )
    const site = newSite()
    const { storeId } = await take(site, directory)
    expect(readFence(storeOfUser(site, 'mallory@example.com'))).toMatchObject({ storeId, state: 'active' })
  })

  it('has names in normal form, so that no two look alike', async () => {
    const directory = await handedIn("UPDATE item_login_method_v2 SET localpart = 'mallory' || char(769)")
    const site = newSite()
    const { address } = await take(site, directory)
    expect(address).toBe('mallorý@example.com')
    const account = getAccountByAddress(site, parseExistingAddress('mallorý@example.com'))
    expect(readAccountRecord(site, account).methods).toMatchObject([{ localpart: 'mallorý' }])
    expect(() => addUser(site, 'mallorý@example.com')).toThrow(expect.objectContaining({ code: 'ADDRESS_TAKEN' }))
  })

  it('has names that can be seen', async () => {
    const directory = await handedIn("UPDATE item_login_method_v2 SET localpart = 'al' || char(8203) || 'ice'")
    expect(await codeOf(directory)).toBe('INVALID_ADDRESS')
  })

  it.each([
    ['a check', 'CREATE TABLE item_x_v1 (oid INTEGER PRIMARY KEY, [a] TEXT CHECK (length(hex(zeroblob(500000000)))))'],
    ['a generated column', 'CREATE TABLE item_x_v1 (oid INTEGER PRIMARY KEY, [a] TEXT AS (hex(zeroblob(500000000))))'],
    ['a comment', 'CREATE TABLE item_x_v1 (oid INTEGER PRIMARY KEY, [a] TEXT /* [ */ CHECK (1) /* ] */)'],
    ['an index over an expression', 'CREATE INDEX i ON axiom_objects (hex(zeroblob(10)))'],
    ['an index of some rows', 'CREATE INDEX i ON axiom_objects (type_id) WHERE hex(zeroblob(10)) = 1'],
  ])('is refused with %s that would be computed at every write', async (_what, statement) => {
    expect(await codeOf(await handedIn(statement))).toBe('FOREIGN_SCHEMA')
  })

  it('may have tables of its own beside the items', async () => {
    const directory = await handedIn('CREATE TABLE own (a INTEGER CHECK (a > 0), [check] TEXT) -- fine')
    expect(await codeOf(directory)).toBe('imported')
  })
})

it('a stranger who would be an administrator is told of, before and after', async () => {
  const theirs = newSite('theirs.axiom')
  addUser(theirs, 'mallory@example.com')
  makeAdministrator(storeOfUser(theirs, 'mallory@example.com'))
  const to = { kind: 'directory', directory: temporaryDirectory() } as const
  const from = { kind: 'directory', directory: (await exportUser(theirs, MALLORY, { to })).path as string } as const
  const site = newSite()
  const warnings = [expect.stringMatching('administrator')]
  expect(await planImport(site, from)).toMatchObject({ warnings })
  expect(await planUserTransfer(theirs, MALLORY, { to: site })).toMatchObject({ warnings })
  expect(await importUser(site, from)).toMatchObject({ warnings })
  expect(await planImport(newSite(), { kind: 'directory', directory: await handedIn() })).toMatchObject({
    warnings: [],
  })
})

describe('an identity that a stranger claims', () => {
  const claiming = (storeId: string) => handedIn(`UPDATE mantissa_fence SET store_id = '${storeId}', owner = ''`)

  it('is refused when it is that of a user who has always been here', async () => {
    const [site, other] = [newSite('here.axiom'), newSite('there.axiom')]
    addUser(site, 'alice@example.com')
    const observe = (step: string) => {
      if (step === 'seal') throw new Error('no more')
    }
    await expect(transferUser(site, ALICE, { to: other, observe })).rejects.toThrow('no more')
    const storeId = readFence(storeOfUser(site, 'alice@example.com'))?.storeId as string
    await expect(take(site, await claiming(storeId))).rejects.toMatchObject({ code: 'STORE_IS_HERE' })
    expect((await take(other, await claiming(storeId))).storeId).toBe(storeId)
  })

  it('is refused to a user who is to be moved here, too', async () => {
    const [theirs, site] = [newSite('theirs.axiom'), newSite('here.axiom')]
    const { storeId } = await take(site, await handedIn())
    addUser(theirs, 'eve@example.com')
    const eve = storeOfUser(theirs, 'eve@example.com')
    ensureFence(eve, 'x')
    eve.transact(() => eve.sql.run('UPDATE mantissa_fence SET store_id = ?', storeId))
    await expect(transferUser(theirs, parseExistingAddress('eve@example.com'), { to: site })).rejects.toMatchObject({
      code: 'STORE_IS_HERE',
    })
  })

  it('is free again when its user was removed', async () => {
    const site = newSite()
    const directory = await claiming('6f1c2b1e-0000-4000-8000-000000000000')
    await take(site, directory)
    await expect(take(site, directory)).rejects.toMatchObject({ code: 'STORE_IS_HERE' })
    removeAccount(site, getAccountByAddress(site, MALLORY))
    expect(await take(site, directory)).toMatchObject({ identity: 'kept' })
  })

  it('is refused when the store has gone on since, unless this is all that is left', async () => {
    const site = newSite()
    addUser(site, 'mallory@example.com')
    const leave = () =>
      exportUser(site, MALLORY, { to: { kind: 'directory', directory: temporaryDirectory() }, remove: true })
    const old = (await leave()).path as string
    await take(site, old)
    const current = (await leave()).path as string
    await expect(take(site, old)).rejects.toMatchObject({ code: 'ARCHIVE_OUTDATED' })
    await take(site, current)
    const last = (await leave()).path as string
    expect(await importUser(site, { kind: 'directory', directory: old }, { restore: true })).toMatchObject({
      identity: 'kept',
      epoch: 6,
    })
    await expect(take(site, last)).rejects.toMatchObject({ code: 'STORE_IS_HERE' })
  })
})
