import { describe, expect, it } from 'vitest'
import { parseExistingAddress } from '../../../src/base/address.js'
import { getTransfer, listTransfers } from '../../../src/site/transfers-journal.js'
import { reportOn, type TransferReport } from '../../../src/transfer/protocol/transfer-report.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { addUser, newSite } from '../two-sites.js'

const ALICE = parseExistingAddress('alice@example.com')

describe('a report on a transfer', () => {
  it('tells at every step of a move what comes next, and whether its user can write', async () => {
    const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
    addUser(source, 'alice@example.com')
    const told = new Map<string, readonly TransferReport[]>()
    const { freezeMs } = await transferUser(source, ALICE, {
      to: target,
      observe: (step, moment, id) => {
        const sites = [source, target].filter(site => listTransfers(site).length > 0)
        if (moment === 'before')
          told.set(
            step,
            sites.map(site => reportOn(site, getTransfer(site, id))),
          )
      },
    })
    expect(told.size).toBeGreaterThan(10)
    for (const step of ['plan', 'close']) told.delete(step)
    for (const [step, reports] of told) {
      expect(reports.length).toBe(step === 'reserve' ? 1 : 2)
      for (const { next, life, user, command } of reports) {
        expect([step, life, next]).toEqual([step, 'lives', expect.anything()])
        const isFree = ['reserve', 'stage', 'copy', 'seal'].includes(step)
        expect([step, user]).toEqual([step, isFree ? 'writes' : expect.stringMatching(/frozen|moved/)])
        if (isFree) expect(command).toMatch(/transfer abort/)
      }
      // Steps that leave the journal as it is are told as the first of those that follow.
      if (!['activate', 'admit', 'probe', 'retire', 'quarantine'].includes(step))
        expect(reports.map(({ next }) => next)).toEqual(reports.map(() => step))
    }
    const [row] = listTransfers(source)
    const ended = row && reportOn(source, row)
    expect(ended).toMatchObject({ life: null, user: 'moved', next: 'purge' })
    expect(ended?.freezeMs).toBeGreaterThanOrEqual(Math.floor(freezeMs) - 5)
    expect(ended?.freezeMs).toBeLessThan(freezeMs + 1000)
  })
})
