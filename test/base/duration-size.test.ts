import { expect, it } from 'vitest'
import { formatDuration, formatSize, parseDuration, parseSize } from '../../src/base/duration-size.js'
import { InvalidInputError } from '../../src/base/errors.js'

it.each([
  ['250ms', 250],
  ['90s', 90_000],
  ['1h30m', 5_400_000],
  ['7d', 604_800_000],
  ['2W', 1_209_600_000],
  ['1.5h', 5_400_000],
])('reads the duration %s', (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds))

it.each([
  ['0', 0],
  ['4096', 4096],
  ['10MiB', 10_485_760],
  ['10 m', 10_485_760],
  ['1.5g', 1_610_612_736],
  ['2MB', 2_000_000],
])('reads the size %s', (text, bytes) => expect(parseSize(text)).toBe(bytes))

it.each(['', '7', 'd', '-1d', '1y', '1d and more'])('refuses the duration %j', text =>
  expect(() => parseDuration(text)).toThrow(InvalidInputError),
)

it.each(['', 'MiB', '-1', '1e9', '10QB'])('refuses the size %j', text =>
  expect(() => parseSize(text)).toThrow(InvalidInputError),
)

it('writes sizes and durations as people read them', () => {
  expect([0, 1023, 1536, 10_485_760, 3 * 1024 ** 4].map(formatSize)).toEqual([
    '0 B',
    '1023 B',
    '1.5 KiB',
    '10.0 MiB',
    '3.0 TiB',
  ])
  expect([250, 4200, 200_000, 7_500_000, 273_600_000].map(formatDuration)).toEqual([
    '250 ms',
    '4.2 s',
    '3m 20s',
    '2h 5m',
    '3d 4h',
  ])
})
