import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { getAccountByAddress } from '../../../src/accounts/find-account.js'
import { addLoginMethod } from '../../../src/accounts/login-methods.js'
import { parseAddress, parseExistingAddress } from '../../../src/base/address.js'
import { AlreadyAnswered, MessageQueue, QueuedMessage } from '../../../src/messaging/message-items.js'
import type { Site } from '../../../src/site/site.js'
import { readFence } from '../../../src/store-engine/database/write-fence.js'
import type { Store } from '../../../src/store-engine/store.js'
import type { ImportOptions } from '../../../src/transfer/arriving/import-options.js'
import { importUser } from '../../../src/transfer/arriving/import-user.js'
import { planImport } from '../../../src/transfer/arriving/plan-import.js'
import { exportUser } from '../../../src/transfer/leaving/export-user.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { cloneFixture } from '../../support/fixtures.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { addUser, newSite, storeOfUser } from '../two-sites.js'

const ALICE = parseExistingAddress('alice@example.com')
const ALICIA = parseAddress('alicia@example.com')

const ends = {
  senderUsername: 'alice',
  senderDomain: 'example.com',
  targetUsername: 'bob',
  targetDomain: 'example.com',
  targetShareID: 'inbox',
}

/** Three messages that wait, and two answers that their receivers do not have yet. */
function fillQueue(store: Store): void {
  store.create(MessageQueue, { messageCounter: 7 })
  for (const messageID of [5, 6, 7])
    store.create(QueuedMessage, { ...ends, messageType: 'note', messageData: Buffer.from('hello'), messageID })
  for (const messageID of [1, 2])
    store.create(AlreadyAnswered, {
      originalSenderUsername: 'bob',
      originalSenderDomain: 'example.com',
      originalTargetShareID: 'inbox',
      originalTargetUsername: 'alice',
      originalTargetDomain: 'example.com',
      messageID,
      answerType: 'done',
      answerData: Buffer.from('yes'),
    })
}

/** A site with alice, who has two addresses and a queue that is not empty. */
function siteOfAlice(): Site {
  const site = newSite()
  addUser(site, 'alice@example.com')
  const second = { localpart: 'alice', domain: 'example.net', protocol: '*', internal: false, verified: false }
  addLoginMethod(getAccountByAddress(site, ALICE), second)
  using store = storeOfUser(site, 'alice@example.com')
  fillQueue(store)
  return site
}

type Form = 'archive' | 'directory'

/** Exports alice in one form, and gives what imports her from it. */
async function exported(site: Site, form: Form, remove = false) {
  const directory = temporaryDirectory()
  const file = join(directory, 'alice.tar.gz')
  const to = form === 'archive' ? ({ kind: 'archive', file } as const) : ({ kind: 'directory', directory } as const)
  const { storeId, path } = await exportUser(site, ALICE, { to, remove })
  const from = () =>
    form === 'archive'
      ? ({ kind: 'archive', input: createReadStream(file) } as const)
      : ({ kind: 'directory', directory: path as string } as const)
  return {
    storeId,
    plan: (into: Site, options: ImportOptions = {}) => planImport(into, from(), options),
    import: (into: Site, options: ImportOptions = {}) => importUser(into, from(), options),
  }
}

function messagesOf(site: Site, name: string) {
  const store = storeOfUser(site, name)
  return [store.query(QueuedMessage).count(), store.query(AlreadyAnswered).count(), store.query(MessageQueue).count()]
}

const WARNING = 'a copy, without 3 messages that wait and 2 answers: the original will send them'

describe.each(['archive', 'directory'] as const)('from the form %s', form => {
  it('a copy of a user who stayed sends nothing that the original will send, and says what is not in it', async () => {
    const site = siteOfAlice()
    const copy = await exported(site, form)
    const other = newSite()
    expect(await copy.plan(other)).toMatchObject({ identity: 'new', warnings: [WARNING], leftOut: [] })
    const imported = await copy.import(other)
    expect(imported).toMatchObject({ identity: 'new', incarnation: 0, warnings: [WARNING], leftOut: [] })
    expect(messagesOf(other, 'alice@example.com')).toEqual([0, 0, 1])
    expect(messagesOf(site, 'alice@example.com')).toEqual([3, 2, 1])
  })

  it('under another name it is a copy, whoever left with it: a new identity, one address, nothing to send', async () => {
    const site = siteOfAlice()
    const copy = await exported(site, form, true)
    const other = newSite()
    const leftOut = ['alice@example.com', 'alice@example.net']
    expect(await copy.plan(other, { as: ALICIA })).toMatchObject({ identity: 'new', leftOut, warnings: [WARNING] })
    const imported = await copy.import(other, { as: ALICIA })
    expect(imported).toMatchObject({ addresses: ['alicia@example.com'], leftOut, incarnation: 0, warnings: [WARNING] })
    expect(imported.storeId).not.toBe(copy.storeId)
    expect(messagesOf(other, 'alicia@example.com')).toEqual([0, 0, 1])
    expect(await copy.import(other)).toMatchObject({ identity: 'kept', storeId: copy.storeId })
    expect(messagesOf(other, 'alice@example.com')).toEqual([3, 2, 1])
  })

  it('under one of its own names it leaves out the others', async () => {
    const copy = await exported(siteOfAlice(), form)
    const as = parseAddress('ALICE@example.net')
    expect(await copy.import(newSite(), { as })).toMatchObject({
      addresses: ['ALICE@example.net'],
      leftOut: ['alice@example.com'],
    })
  })

  it('a store that carries its identity along keeps what it will send, under a higher incarnation each time', async () => {
    const site = siteOfAlice()
    const other = newSite()
    for (const incarnation of [1, 2, 3]) {
      const leaving = await exported(incarnation % 2 === 1 ? site : other, form, true)
      const into = incarnation % 2 === 1 ? other : site
      expect(await leaving.import(into)).toMatchObject({ identity: 'kept', incarnation, warnings: [] })
      expect(readFence(storeOfUser(into, 'alice@example.com'))).toMatchObject({ incarnation, state: 'active' })
      expect(messagesOf(into, 'alice@example.com')).toEqual([3, 2, 1])
    }
  })

  it('a restored original keeps what it will send, above every incarnation that this site has seen', async () => {
    const site = siteOfAlice()
    const other = newSite()
    const old = await exported(site, form, true)
    await old.import(other)
    const newer = await exported(other, form, true)
    await newer.import(other)
    const lost = await exported(other, form, true)
    expect(await old.import(other, { restore: true })).toMatchObject({
      identity: 'kept',
      storeId: lost.storeId,
      incarnation: 3,
      warnings: [],
    })
    expect(messagesOf(other, 'alice@example.com')).toEqual([3, 2, 1])
  })
})

it('a move keeps the incarnation, which only an import raises', async () => {
  const [site, other] = [siteOfAlice(), newSite('other.axiom')]
  await (await exported(site, 'archive', true)).import(site)
  await transferUser(site, ALICE, { to: other })
  expect(readFence(storeOfUser(other, 'alice@example.com'))).toMatchObject({ epoch: 3, incarnation: 1 })
  expect(getAccountByAddress(other, ALICE)).toBeDefined()
  await (await exported(other, 'archive', true)).import(site)
  expect(readFence(storeOfUser(site, 'alice@example.com'))).toMatchObject({ incarnation: 2 })
})

it('an archive of before there were incarnations is of the first', async () => {
  const site = siteOfAlice()
  using store = storeOfUser(site, 'alice@example.com')
  const old = 'CREATE TABLE mantissa_fence (only INTEGER PRIMARY KEY, store_id, epoch, owner, state, transfer_id)'
  store.transact(() => {
    store.sql.exec(old)
    store.sql.run(
      "INSERT INTO mantissa_fence VALUES (1, '6f1c2b1e-0000-4000-8000-000000000000', 4, 'x', 'active', NULL)",
    )
  })
  const leaving = await exported(site, 'directory', true)
  expect(await leaving.import(site)).toMatchObject({ identity: 'kept', epoch: 6, incarnation: 1 })
})

it('what the original software has extracted is the store itself, and keeps what it will send', async () => {
  const directory = join(cloneFixture('extracted-users'), 'alice@example.org.axiom')
  const [site, other] = [newSite(), newSite('other.axiom')]
  expect(await importUser(site, { kind: 'directory', directory })).toMatchObject({ identity: 'new', warnings: [] })
  expect(messagesOf(site, 'alice@example.org')).toEqual([2, 0, 1])
  const copy = await importUser(other, { kind: 'directory', directory }, { as: ALICIA })
  expect(copy.warnings).toEqual(['a copy, without 2 messages that wait: the original will send them'])
  expect(messagesOf(other, 'alicia@example.com')).toEqual([0, 0, 1])
})
