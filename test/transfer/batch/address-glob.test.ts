import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseExistingAddress } from '../../../src/base/address.js'
import { isGlob, parseGlob } from '../../../src/transfer/batch/address-glob.js'

const matches = (pattern: string, address: string) => parseGlob(pattern).matches(parseExistingAddress(address))

describe('a pattern of addresses', () => {
  it.each([
    ['*@example.com', 'alice@example.com', true],
    ['*@example.com', 'ALICE@Example.COM', true],
    ['*@EXAMPLE.com', 'alice@example.com', true],
    ['*@example.com', 'alice@example.org', false],
    ['*@example.com', 'alice@sub.example.com', false],
    ['*@*.com', 'alice@sub.example.com', true],
    ['a*@*', 'alice@example.com', true],
    ['a*@*', 'bob@a.com', false],
    ['*a*e@*', 'alice@example.com', true],
    ['al?ce@*', 'alice@example.com', true],
    ['al?ce@*', 'alce@example.com', false],
    ['zo?@*', 'zoë@example.com', true],
    ['zoë@*', 'zoe\u0308@example.com', true],
    ['?@*', '😀@example.com', true],
    ['*@*', 'People', false],
    ['a.c@*', 'abc@example.com', false],
    ['*@example.com*', 'alice@example.com@evil.org', true],
    ['*@example.com', 'alice@example.com@evil.org', false],
  ])('%s and %s: %s', (pattern, address, expected) => expect(matches(pattern, address)).toBe(expected))

  it('does what the regular expression of the same meaning does', () => {
    const character = fc.constantFrom('a', 'b', '*', '?')
    const pattern = fc.string({ unit: character, maxLength: 8 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
    fc.assert(
      fc.property(pattern, text, (local, localpart) => {
        const regular = new RegExp(`^${local.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        expect(matches(`${local}@x`, `${localpart}@x`)).toBe(regular.test(localpart))
      }),
    )
  })

  it('is quick however many stars it has', () => {
    const began = performance.now()
    expect(matches(`${'*a'.repeat(100)}b@x`, `${'a'.repeat(200)}@x`)).toBe(false)
    expect(performance.now() - began).toBeLessThan(1000)
  })

  it('has an "@", since application stores are named one by one', () => {
    expect(() => parseGlob('*')).toThrow(expect.objectContaining({ code: 'INVALID_GLOB' }))
    expect([isGlob('alice@example.com'), isGlob('a*@x'), isGlob('a?@x')]).toEqual([false, true, true])
  })
})
