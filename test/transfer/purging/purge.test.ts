import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { parseExistingAddress } from '../../../src/base/address.js'
import type { Site } from '../../../src/site/site.js'
import { listTransfers } from '../../../src/site/transfers-journal.js'
import { hasUnfinishedTransfers, recoverTransfers } from '../../../src/transfer/protocol/recover-transfers.js'
import { type PurgeOptions, planPurge } from '../../../src/transfer/purging/plan-purge.js'
import { purgeTransfer } from '../../../src/transfer/purging/purge-transfer.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { SiteRows } from '../../../src/upkeep/check/site-rows.js'
import { temporaryFindings } from '../../../src/upkeep/check/temporary-faults.js'
import { addUser, newSite } from '../two-sites.js'

const ALICE = parseExistingAddress('alice@example.com')

/** A site that alice has left, and the one where she is. */
async function moved() {
  const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
  addUser(source, 'alice@example.com')
  const { transferId, quarantine } = await transferUser(source, ALICE, { to: target })
  return { source, target, transferId, quarantine }
}

async function purge(site: Site, options: PurgeOptions = { olderThanMs: 0 }): Promise<number> {
  const stores = planPurge(site, options)
  for (const store of stores) await purgeTransfer(site, store)
  return stores.length
}

const statesOf = (site: Site) => listTransfers(site, { role: 'source' }).map(({ state }) => state)
const temporaryOf = (site: Site) => readdirSync(join(site.directory, 'temp'))

describe('purging', () => {
  it('deletes an old store and keeps its row; doing it again does nothing', async () => {
    const { source, quarantine } = await moved()
    const [store] = planPurge(source, { olderThanMs: 0 })
    expect(store).toMatchObject({ directory: quarantine, refusal: undefined })
    expect(store?.bytes).toBeGreaterThan(4096)
    expect(await purge(source)).toBe(1)
    expect(existsSync(quarantine)).toBe(false)
    expect(temporaryOf(source)).toEqual([])
    expect(statesOf(source)).toEqual(['PURGED'])
    expect(await purge(source)).toBe(0)
  })

  it('leaves a user alone who has come back, and who leaves again', async () => {
    const { source, target } = await moved()
    await transferUser(target, ALICE, { to: source })
    await purge(source)
    await transferUser(source, ALICE, { to: target })
    expect(statesOf(source)).toEqual(['PURGED', 'HANDED_OVER'])
    await purge(target)
    expect(await purge(source)).toBe(1)
  })

  it('waits a week, unless the transfer is named', async () => {
    const { source, transferId } = await moved()
    expect(await purge(source, {})).toBe(0)
    expect(() => planPurge(source, { ids: [transferId], olderThanMs: 60_000 })).toThrow(/not kept for so long/)
    expect(await purge(source, { ids: [transferId] })).toBe(1)
    expect(await purge(source, { ids: [transferId] })).toBe(0)
  })

  it('refuses what was never confirmed', async () => {
    const { source, target, transferId } = await moved()
    source.store.transact(() => source.store.sql.run('UPDATE mantissa_transfer SET confirmed = NULL'))
    expect(planPurge(source, { olderThanMs: 0 })).toEqual([])
    for (const site of [source, target]) expect(() => planPurge(site, { ids: [transferId] })).toThrow(/may be deleted/)
  })

  it('refuses what was written since, unless that is meant to go too', async () => {
    const { source, quarantine } = await moved()
    const database = new Database(join(quarantine, 'db.sqlite'))
    database.exec('CREATE TABLE written_late (x)')
    database.close()
    await expect(purge(source)).rejects.toMatchObject({ code: 'MOVED_STORE_CHANGED', hint: /--changed-too/ })
    expect(existsSync(quarantine)).toBe(true)
    expect(await purge(source, { olderThanMs: 0, changedToo: true })).toBe(1)
    expect(existsSync(quarantine)).toBe(false)
  })

  it('is ended by a recovery where its process died, and what it left is not taken for a store that is kept', async () => {
    const { source, quarantine } = await moved()
    const [store] = planPurge(source, { olderThanMs: 0 })
    if (store === undefined) throw new Error('nothing to purge')
    const observe = (_step: string, moment: string) => {
      if (moment === 'within') throw new Error('no more')
    }
    await expect(purgeTransfer(source, store, { observe })).rejects.toThrow('no more')
    expect(existsSync(quarantine)).toBe(false)
    expect(temporaryOf(source)).toEqual([expect.stringMatching(/^purging-/)])
    const findings = () => temporaryFindings(source.directory, new SiteRows(source.store.engine.connection), 0)
    expect(findings()).toEqual([])
    expect(hasUnfinishedTransfers(source)).toBe(true)
    expect(await recoverTransfers(source)).toMatchObject([{ outcome: 'finished', state: 'PURGED' }])
    expect(temporaryOf(source)).toEqual([])
    writeFileSync(join(source.directory, 'temp', `purging-${store.row.id}`), 'left')
    expect(findings()).toMatchObject([{ code: 'TEMPORARY_LEFT', repair: 'remove it' }])
  })
})
