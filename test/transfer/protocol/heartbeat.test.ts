import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { parseExistingAddress } from '../../../src/base/address.js'
import { Site } from '../../../src/site/site.js'
import { changeTransfer, getTransfer, insertTransfer, listTransfers } from '../../../src/site/transfers-journal.js'
import { isSilentForTooLong } from '../../../src/transfer/protocol/coordinator-life.js'
import { beatNow, Heartbeat } from '../../../src/transfer/protocol/heartbeat.js'
import { recoverTransfers } from '../../../src/transfer/protocol/recover-transfers.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { addUser, keep, newSite } from '../two-sites.js'

const ALICE = parseExistingAddress('alice@example.com')
const ID = '01KD0000000000000000000001'

/** A site with a transfer that is copying. */
function planned(plan = {}): Site {
  const site = keep(Site.open(newSite().directory, { busyTimeout: 20 }))
  insertTransfer(site, {
    ...{ id: ID, role: 'source', storeId: 'store', accountId: null, address: ALICE, state: 'SEALED', plan },
    ...{ otherSiteId: null, fromPath: null, toPath: null, fromEpoch: 0, toEpoch: 1 },
    heartbeat: beatNow(),
  })
  return site
}

const beatOf = (site: Site) => Number(getTransfer(site, ID).heartbeat?.['monotonicMs'])

describe('a heartbeat', () => {
  it('is written at most once a second, and by itself while work is silent', async () => {
    const site = planned()
    using heartbeat = new Heartbeat(site, ID, 0)
    heartbeat.progressed()
    const first = beatOf(site)
    for (let count = 0; count < 50; count += 1) heartbeat.progressed()
    expect(beatOf(site)).toBe(first)
    for (let patience = 100; patience > 0 && beatOf(site) === first; patience -= 1) await sleep(50)
    expect(beatOf(site) - first).toBeGreaterThanOrEqual(900)
  })

  it('is left out where the journal is held by somebody', () => {
    const site = planned()
    const before = beatOf(site)
    const other = new Database(join(site.directory, 'db.sqlite'))
    other.exec('BEGIN IMMEDIATE')
    using heartbeat = new Heartbeat(site, ID, 0)
    heartbeat.progressed()
    other.close()
    expect(beatOf(site)).toBe(before)
  })

  it('changes nothing in a transfer that has ended', () => {
    const site = planned()
    const before = beatOf(site)
    site.store.transact(() => site.store.sql.run("UPDATE mantissa_transfer SET state = 'CLOSED', is_open = 0"))
    using heartbeat = new Heartbeat(site, ID, 0)
    heartbeat.progressed()
    expect(beatOf(site)).toBe(before)
  })

  it('is too old beyond the limit of the transfer, and on another boot at once', () => {
    const site = planned({ freezeLimitMs: 5000 })
    const beat = (heartbeat: ReturnType<typeof beatNow>) => changeTransfer(site, ID, { heartbeat })
    const now = beatNow()
    expect(isSilentForTooLong(beat(now))).toBe(false)
    expect(isSilentForTooLong(beat({ ...now, monotonicMs: Number(now['monotonicMs']) - 4000 }))).toBe(false)
    expect(isSilentForTooLong(beat({ ...now, monotonicMs: Number(now['monotonicMs']) - 6000 }))).toBe(true)
    expect(isSilentForTooLong(beat({ ...now, bootId: 'another' }))).toBe(true)
  })
})

describe('a move whose heartbeat is of another boot', () => {
  it('is undone though its lock is held, and finds that out', async () => {
    const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
    addUser(source, 'alice@example.com')
    const seen: unknown[] = []
    const move = transferUser(source, ALICE, {
      to: target,
      observe: (step, moment, id) => {
        if (step !== 'prepare' || moment !== 'before') return
        changeTransfer(source, id, { heartbeat: { ...beatNow(), bootId: 'another' } })
        seen.push(recoverTransfers(source))
      },
    })
    await expect(move).rejects.toMatchObject({ code: 'TRANSFER_ABORTED' })
    expect(await Promise.all(seen)).toMatchObject([[{ outcome: 'finished', overtaken: true, decision: 'abort' }]])
    expect(listTransfers(target).map(({ state }) => state)).toEqual(['DISCARDED'])
  })
})
