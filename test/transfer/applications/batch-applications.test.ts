import { describe, expect, it } from 'vitest'
import { parseExistingAddress } from '../../../src/base/address.js'
import type { Site } from '../../../src/site/site.js'
import { parseGlob } from '../../../src/transfer/batch/address-glob.js'
import type { PlanOutcome, UserOutcome } from '../../../src/transfer/batch/batch-options.js'
import { planUsers } from '../../../src/transfer/batch/plan-users.js'
import { countUsers, type UserSelection } from '../../../src/transfer/batch/select-users.js'
import { transferUsers } from '../../../src/transfer/batch/transfer-users.js'
import { addUser, newSite } from '../two-sites.js'
import { expectNotes, faultsOf, NOTES, siteWithNotes } from './notes-sites.js'

const EVERYBODY: readonly UserSelection[] = [{ all: true }, { globs: [parseGlob('*@*')] }]

async function sites(): Promise<readonly [Site, Site]> {
  const source = await siteWithNotes()
  addUser(source, 'alice@example.com')
  return [source, newSite('to.axiom')]
}

async function told(outcomes: AsyncIterable<UserOutcome | PlanOutcome>): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const { status, address } of outcomes) lines.push(`${status} ${address}`)
  return lines
}

describe('a batch', () => {
  it.each(EVERYBODY)('of everybody (%o) leaves application stores out, also those that have left', async everybody => {
    const [source, target] = await sites()
    expect(await told(planUsers(source, everybody, { to: target }))).toEqual(['planned alice@example.com'])
    expect(await told(transferUsers(source, everybody, { to: target }))).toEqual(['moved alice@example.com'])
    expectNotes(source, true)
    await told(transferUsers(source, { addresses: [NOTES] }, { to: target }))
    expectNotes(target, true)
    expect(await told(transferUsers(source, everybody, { to: target }))).toEqual(['already alice@example.com'])
    expect(countUsers(source, target, everybody)).toEqual({ total: 1, already: 1 })
  })

  it('moves one that is named beside users, and says so when it is asked again', async () => {
    const [source, target] = await sites()
    const selection = { addresses: [NOTES, parseExistingAddress('alice@example.com')] }
    const both = (status: string) => [`${status} alice@example.com`, `${status} notes`]
    const sorted = async (outcomes: AsyncIterable<UserOutcome | PlanOutcome>) => [...(await told(outcomes))].sort()
    expect(await sorted(planUsers(source, selection, { to: target }))).toEqual(both('planned'))
    expect(await sorted(transferUsers(source, selection, { to: target, maxParallel: 2 }))).toEqual(both('moved'))
    expectNotes(target, true)
    expectNotes(source, false)
    expect(await sorted(transferUsers(source, selection, { to: target }))).toEqual(both('already'))
    expect(await sorted(planUsers(source, selection, { to: target }))).toEqual(both('already'))
    expect([await faultsOf(source), await faultsOf(target)]).toEqual([[], []])
  })
})
