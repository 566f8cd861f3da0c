import { expect, it } from 'vitest'
import { Traffic } from '../../../src/web/admin/traffic.js'

function trafficAt(seconds: number) {
  const clock = { now: seconds }
  return { clock, traffic: new Traffic(() => clock.now) }
}

it('counts what is answered in slots of ten seconds, and shows those that are over', () => {
  const { clock, traffic } = trafficAt(100_000)
  for (const status of [200, 404, 500]) traffic.note({ status, milliseconds: 1 })
  traffic.note({ status: 303, milliseconds: 1, login: 'accepted' })
  traffic.note({ status: 429, milliseconds: 1, login: 'refused' })
  expect(traffic.history().at(-1)).toMatchObject({ requests: 0, p50: null })
  clock.now += 10
  expect(traffic.history().at(-1)).toMatchObject({ requests: 5, failures: 1, logins: 1, refusedLogins: 1 })
  expect(traffic.history()).toHaveLength(359)
})

it('forgets what is an hour old, also when nobody has asked for anything since', () => {
  const { clock, traffic } = trafficAt(100_000)
  traffic.note({ status: 200, milliseconds: 1 })
  clock.now += 3590
  expect(traffic.history()[0]?.requests).toBe(1)
  clock.now += 10
  expect(traffic.history().every(({ requests }) => requests === 0)).toBe(true)
  traffic.note({ status: 200, milliseconds: 1 })
  clock.now += 10
  expect(traffic.history().at(-1)?.requests).toBe(1)
})

it('tells how long requests took to within a quarter', () => {
  const { clock, traffic } = trafficAt(0)
  for (let index = 1; index <= 100; index += 1) traffic.note({ status: 200, milliseconds: index })
  for (const milliseconds of [0, Number.NaN]) traffic.note({ status: 200, milliseconds })
  clock.now += 10
  const { p50, p95 } = traffic.history().at(-1) ?? {}
  expect(p50).toBeGreaterThan(49)
  expect(p50).toBeLessThan(51 * 1.25)
  expect(p95).toBeGreaterThan(94)
  expect(p95).toBeLessThan(97 * 1.25)
})

it('holds what takes longer than all classes in the last of them', () => {
  const { clock, traffic } = trafficAt(0)
  traffic.note({ status: 200, milliseconds: 1e9 })
  clock.now += 10
  expect(traffic.history().at(-1)?.p95).toBeGreaterThan(30_000)
})
