import { expect, it } from 'vitest'
import { listAudit, recordAudit } from '../../src/site/audit.js'
import { bareSite } from './bare-site.js'

const DAY = 86_400_000_000n

it('records who did what, newest first', () => {
  const actor = { uid: 1000, user: 'eve', sudoUser: 'mallory', host: 'node1' }
  const site = bareSite({ actor, clock: () => 1_700_000_000_000_000n })
  recordAudit(site, { verb: 'useradd', args: { address: 'a@b' } })
  recordAudit(site, { verb: 'passwd', args: {}, result: 'BUSY' })
  expect(listAudit(site)).toMatchObject([
    { verb: 'passwd', result: 'BUSY', args: {} },
    { verb: 'useradd', result: 'done', args: { address: 'a@b' }, at: '2023-11-14T22:13:20.000000Z', ...actor },
  ])
  expect(listAudit(site, 1)).toHaveLength(1)
})

it('keeps records for a year', () => {
  let now = 1_700_000_000_000_000n
  const site = bareSite({ clock: () => now })
  recordAudit(site, { verb: 'first', args: {} })
  now += 364n * DAY
  recordAudit(site, { verb: 'second', args: {} })
  now += 2n * DAY
  recordAudit(site, { verb: 'third', args: {} })
  expect(listAudit(site).map(({ verb }) => verb)).toEqual(['third', 'second'])
})

it('is lost with the transaction that it belongs to', () => {
  const site = bareSite()
  const attempt = () =>
    site.store.transact(() => {
      recordAudit(site, { verb: 'useradd', args: {} })
      throw new Error('no')
    })
  expect(attempt).toThrow('no')
  expect(listAudit(site)).toEqual([])
})
