import { describe, expect, it } from 'vitest'
import { newUlid, newUuid } from '../../src/base/ids.js'
import { noteAccountChange, openTransferForAccount } from '../../src/site/account-fence.js'
import type { Site } from '../../src/site/site.js'
import {
  advanceTransfer,
  beatTransfer,
  changeTransfer,
  decideTransfer,
  everyTransfer,
  findTransfer,
  getTransfer,
  insertTransfer,
  listTransfers,
  listUnfinishedTransfers,
  openTransferOf,
} from '../../src/site/transfers-journal.js'
import { sqlTrace, traceSql } from '../../src/store-engine/database/sql-trace.js'
import { bareSite } from './bare-site.js'

const address = { localpart: 'alice', domain: 'example.com' }

function begin(site: Site, storeId = newUuid(), role: 'source' | 'target' = 'source') {
  const paths = { otherSiteId: newUuid(), fromPath: '/a', toPath: '/b', fromEpoch: 1, toEpoch: 2 }
  const state = role === 'source' ? 'PLANNED' : 'RESERVED'
  const plan = { bytes: 5 }
  return insertTransfer(site, { id: newUlid(), role, storeId, accountId: 7, address, ...paths, state, plan })
}

describe('the journal of moves', () => {
  it('gives back what was written', () => {
    const site = bareSite({ clock: () => 5n })
    const row = begin(site)
    expect(findTransfer(site, row.id)).toEqual(row)
    expect(row).toMatchObject({
      role: 'source',
      state: 'PLANNED',
      isOpen: true,
      plan: { bytes: 5 },
      revision: 0,
      decision: null,
      created: 5n,
      confirmed: null,
    })
    expect(() => getTransfer(site, 'nonsense')).toThrow(expect.objectContaining({ code: 'NO_SUCH_TRANSFER' }))
  })

  it('has one open transfer per store and side; one that is handed over is no hindrance', () => {
    const site = bareSite()
    const { id, storeId } = begin(site)
    expect(() => begin(site, storeId)).toThrow(expect.objectContaining({ code: 'TRANSFER_OPEN' }))
    begin(site, storeId, 'target')
    expect(openTransferOf(site, storeId, 'source')?.id).toBe(id)
    advanceTransfer(site, id, { from: 'PLANNED', to: 'HANDED_OVER' })
    expect(openTransferOf(site, storeId, 'source')).toBeUndefined()
    begin(site, storeId)
    expect(listTransfers(site)).toHaveLength(3)
    expect([...everyTransfer(site)]).toEqual(listTransfers(site))
    expect(listTransfers(site, { open: true })).toHaveLength(2)
    expect(listTransfers(site, { role: 'target' })).toHaveLength(1)
  })

  it('advances from the expected state only, together with what the step has learned', () => {
    const site = bareSite()
    const { id } = begin(site)
    const row = advanceTransfer(site, id, { from: ['PLANNED', 'COPYING'], to: 'SEALED', set: { manifestHash: 'x' } })
    expect(row).toMatchObject({ state: 'SEALED', manifestHash: 'x' })
    const late = () => advanceTransfer(site, id, { from: 'COPYING', to: 'SEALED', set: { manifestHash: 'y' } })
    expect(late).toThrow(expect.objectContaining({ code: 'TRANSFER_MOVED_ON' }))
    expect(getTransfer(site, id).manifestHash).toBe('x')
    expect(changeTransfer(site, id, { error: 'no', confirmed: true })).toMatchObject({ error: 'no' })
    beatTransfer(site, id, { boot: 'b', at: 1 })
    expect(getTransfer(site, id).heartbeat).toEqual({ boot: 'b', at: 1 })
  })

  it('decides once; whoever comes later is told what was decided', () => {
    const site = bareSite()
    const { id } = begin(site)
    expect(decideTransfer(site, id, 'abort')).toBe('abort')
    expect(decideTransfer(site, id, 'commit')).toBe('abort')
    const other = begin(site)
    expect(decideTransfer(site, other.id, 'commit')).toBe('commit')
    expect(decideTransfer(site, other.id, 'abort')).toBe('commit')
  })

  it('does not commit what was copied before the rows changed', () => {
    const site = bareSite()
    const { id } = begin(site)
    site.store.transact(() => noteAccountChange(site, 7))
    expect(decideTransfer(site, id, 'commit', { revision: 0 })).toBeNull()
    expect(decideTransfer(site, id, 'commit', { revision: 1 })).toBe('commit')
  })

  it('lets the rows of an account change until the seal', () => {
    const site = bareSite()
    const { id } = begin(site)
    expect(openTransferForAccount(site, 7)?.id).toBe(id)
    expect(openTransferForAccount(site, 8)).toBeUndefined()
    advanceTransfer(site, id, { from: 'PLANNED', to: 'SEALED' })
    const change = () => site.store.transact(() => noteAccountChange(site, 7))
    expect(change).toThrow(expect.objectContaining({ code: 'ACCOUNT_MOVING' }))
    advanceTransfer(site, id, { from: 'SEALED', to: 'CLOSED' })
    change()
  })
})

it('is searched by index, since its rows are never deleted', () => {
  const site = bareSite()
  const plansOf = (deed: () => unknown) => {
    const asked: string[] = []
    traceSql(sql => asked.push(sql))
    deed()
    sqlTrace.listener = undefined
    const names = (sql: string) => Array.from(sql.matchAll(/\?/g), () => '')
    return asked
      .filter(sql => sql.startsWith('SELECT') && sql.includes('FROM mantissa_transfer'))
      .flatMap(sql => site.store.sql.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...names(sql)))
      .map(({ detail }) => detail)
  }
  for (const deed of [
    () => listUnfinishedTransfers(site),
    () => openTransferOf(site, 'x', 'source'),
    () => openTransferForAccount(site, 1),
    () => findTransfer(site, 'x'),
  ]) {
    const plans = plansOf(deed)
    expect(plans).toEqual([expect.stringMatching(/USING (COVERING )?INDEX/)])
  }
})

it('a plan that is no JSON is damage', () => {
  const site = bareSite()
  const { id } = begin(site)
  site.store.transact(() => site.store.sql.run(`UPDATE mantissa_transfer SET plan = 'no'`))
  expect(() => findTransfer(site, id)).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }))
})
