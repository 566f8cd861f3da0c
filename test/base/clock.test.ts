import { expect, it } from 'vitest'
import { systemClock, toIso } from '../../src/base/clock.js'

it('writes microseconds as RFC 3339', () => {
  expect(toIso(0n)).toBe('1970-01-01T00:00:00.000000Z')
  expect(toIso(1_767_225_600_000_125n)).toBe('2026-01-01T00:00:00.000125Z')
})

it('is right before 1970', () => {
  expect(toIso(-1n)).toBe('1969-12-31T23:59:59.999999Z')
})

it('reads the machine clock in microseconds', () => {
  expect(Math.abs(Number(systemClock() / 1000n) - Date.now())).toBeLessThan(1000)
})
