import { expect, it } from 'vitest'
import { findAccountByAddress, getAccountByAddress } from '../../../src/accounts/find-account.js'
import { addLoginMethod } from '../../../src/accounts/login-methods.js'
import { parseExistingAddress } from '../../../src/base/address.js'
import type { Moment, StepName } from '../../../src/transfer/protocol/protocol.js'
import { hasUnfinishedTransfers } from '../../../src/transfer/protocol/recover-transfers.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { addUser, newSite, storeOfUser } from '../../transfer/two-sites.js'

const ALICE = parseExistingAddress('alice@example.com')
const NEW = parseExistingAddress('new@example.com')
const METHOD = { protocol: '*', internal: false, verified: true }

/** Moves alice, who gets a name while she is copied that somebody else takes at the target a moment later. */
function moveWithRival(step: StepName, moment: Moment) {
  const [source, target] = [newSite('source.axiom'), newSite('target.axiom')]
  addUser(source, 'alice@example.com')
  let rival: unknown
  const move = transferUser(source, ALICE, {
    to: target,
    observe: (name, when) => {
      if (name === 'copy' && when === 'after') addLoginMethod(getAccountByAddress(source, ALICE), { ...NEW, ...METHOD })
      if (name !== step || when !== moment) return
      try {
        addUser(target, 'NEW@example.com')
      } catch (error) {
        rival = (error as { code: string }).code
      }
    },
  })
  return { source, target, move, rival: () => rival }
}

it.each([
  ['seal', 'after'],
  ['prepare', 'before'],
] as const)(
  'a name that she got while she was copied and that is taken at the target (%s %s) stops the move',
  async (...at) => {
    const { source, target, move, rival } = moveWithRival(...at)
    await expect(move).rejects.toMatchObject({
      code: 'ADDRESS_TAKEN',
      message: expect.stringContaining('new@example.com'),
    })
    expect(rival()).toBeUndefined()
    expect(findAccountByAddress(source, ALICE)).toBeDefined()
    expect(findAccountByAddress(target, ALICE)).toBeUndefined()
    expect([source, target].map(hasUnfinishedTransfers)).toEqual([false, false])
    storeOfUser(source, 'alice@example.com').transact(() => {})
  },
)

it.each([
  ['prepare', 'after'],
  ['commit', 'after'],
  ['place', 'before'],
] as const)('a name that she got while she was copied is hers at the target from then on (%s %s)', async (...at) => {
  const { target, move, rival } = moveWithRival(...at)
  await move
  expect(rival()).toBe('ADDRESS_RESERVED')
  expect(findAccountByAddress(target, NEW)?.storeID).toBe(findAccountByAddress(target, ALICE)?.storeID)
})
