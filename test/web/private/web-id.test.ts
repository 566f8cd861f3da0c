import { describe, expect, it } from 'vitest'
import { storeIDOf, webIDOf } from '../../../src/web/private/web-id.js'

/** What the original makes of a key and a storeID. */
const KNOWN: readonly (readonly [key: bigint, storeID: number, webID: string])[] = [
  [0n, 1, '0000000000000001'],
  [0n, 9007199254740991, '001fffffffffffff'],
  [1n, 1, '0000000000000000'],
  [1n, 9007199254740991, '001ffffffffffffe'],
  [81985529216486895n, 1, '1032547698badcee'],
  [81985529216486895n, 100, '1032547698badcb8'],
  [81985529216486895n, 9007199254740991, '10c3ab8967452301'],
  [9141386507638288912n, 100, 'e7cdab8767452394'],
  [123456789012345n, 100, '6000408d780dd01f'],
  [9223372036854775807n, 1, '7ffffffeffffffff'],
  [9223372036854775807n, 9007199254740991, '7fe0000000000000'],
]

describe('the addresses of private pages', () => {
  it('are those of the original', () => {
    for (const [key, storeID, webID] of KNOWN)
      expect([webIDOf(key, storeID), storeIDOf(key, webID)]).toEqual([webID, storeID])
  })

  it('lead back with any key', () => {
    let key = 1n
    for (let round = 0; round < 500; round += 1) {
      key = (key * 6364136223846793005n + 1442695040888963407n) & ((1n << 63n) - 1n)
      const storeID = 1 + (round * 7919) ** 2
      expect(storeIDOf(key, webIDOf(key, storeID))).toBe(storeID)
    }
  })

  it('are 16 digits that stand for a storeID, and nothing else', () => {
    const odd = [
      '',
      '1',
      '0x00000000000001',
      ' 000000000000001',
      '00000000000000001',
      '000000000000000G',
      '+000000000000001',
    ]
    for (const webID of [...odd, 'FFFFFFFFFFFFFFFF', '0000000000000000', 'ffffffffffffffff', '8000000000000000'])
      expect([webID, storeIDOf(0n, webID)]).toEqual([webID, undefined])
  })
})
