import { expect, it } from 'vitest'
import { createAccount } from '../../src/accounts/create-account.js'
import { findAccountByAddress, getAccountByAddress } from '../../src/accounts/find-account.js'
import { addLoginMethod } from '../../src/accounts/login-methods.js'
import { formatAddress, parseExistingAddress } from '../../src/base/address.js'
import type { Site } from '../../src/site/site.js'
import type { Moment, StepName } from '../../src/transfer/protocol/protocol.js'
import { hasUnfinishedTransfers } from '../../src/transfer/protocol/recover-transfers.js'
import { transferUser } from '../../src/transfer/transfer-user.js'
import { addUser, newSite } from './two-sites.js'

const ALICE = parseExistingAddress('alice@example.com')
const SECOND = parseExistingAddress('second@example.com')

/** Moves alice, who is given a second name while she is copied; it is wanted at the target at the given moment. */
async function moveRenamed(wanted: readonly [StepName, Moment]) {
  const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
  addUser(source, formatAddress(ALICE))
  let refused: unknown
  const move = transferUser(source, ALICE, {
    to: target,
    observe: (step, moment) => {
      if (step === 'copy' && moment === 'within')
        addLoginMethod(getAccountByAddress(source, ALICE), {
          ...SECOND,
          protocol: '*',
          internal: false,
          verified: false,
        })
      if (step !== wanted[0] || moment !== wanted[1]) return
      try {
        createAccount(target, { address: SECOND, passwordHash: null })
      } catch (error) {
        refused = error
      }
    },
  })
  const [outcome] = await Promise.allSettled([move])
  return { source, target, outcome, refused }
}

const has = (site: Site) => [ALICE, SECOND].map(name => findAccountByAddress(site, name)?.storeID)

it('a name given while the copy is made and taken at the target keeps the user where they are', async () => {
  const { source, target, outcome, refused } = await moveRenamed(['seal', 'before'])
  expect(refused).toBeUndefined()
  expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ADDRESS_TAKEN' } })
  const [alice, second] = has(source)
  expect(alice).toBeDefined()
  expect(second).toBe(alice)
  expect(has(target)).toEqual([undefined, expect.any(Number)])
  expect([source, target].map(hasUnfinishedTransfers)).toEqual([false, false])
})

it('such a name is held at the target from before the decision on', async () => {
  const { source, target, outcome, refused } = await moveRenamed(['commit', 'before'])
  expect(refused).toMatchObject({ code: 'ADDRESS_RESERVED' })
  expect(outcome).toMatchObject({ status: 'fulfilled' })
  expect(has(source)).toEqual([undefined, undefined])
  const [alice, second] = has(target)
  expect(alice).toBeDefined()
  expect(second).toBe(alice)
  expect(target.store.sql.pluck('SELECT name FROM mantissa_reservation')).toEqual([])
})
