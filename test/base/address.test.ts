import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldCase, formatAddress, parseAddress, parseExistingAddress, sameAddress } from '../../src/base/address.js'
import { InvalidInputError } from '../../src/base/errors.js'

describe('parseAddress', () => {
  it('divides localpart and domain and keeps the letter case', () => {
    expect(parseAddress('Alice@Example.com')).toEqual({ localpart: 'Alice', domain: 'Example.com' })
  })

  it('normalises to NFC, so that two ways to type one letter are one address', () => {
    expect(parseAddress('jose\u0301@example.com')).toEqual(parseAddress('jos\u00e9@example.com'))
  })

  it.each([
    ['alice', 'has no "@"'],
    ['', 'has no "@"'],
    ['@example.com', 'has an empty localpart'],
    ['alice@', 'has an empty domain'],
    ['a@b@c', 'has more than one "@"'],
    ['al\u0000ice@example.com', 'has a control character in its localpart'],
    ['alice\n@example.com', 'has a control character in its localpart'],
    ['alice@exam\u202eple.com', 'has a control character in its domain'],
    ['\ud800@example.com', 'has a control character in its localpart'],
    ['a b@example.com', 'has a space in its localpart'],
    ['a/b@example.com', 'has a slash in its localpart'],
    ['a\\b@example.com', 'has a slash in its localpart'],
    ['alice@../etc', 'has a slash in its domain'],
    ['.alice@example.com', 'has a localpart that begins with a dot'],
    ['.@example.com', 'has a localpart that begins with a dot'],
    ['alice@..', 'has a domain that begins with a dot'],
    [`${'a'.repeat(201)}@b`, 'has a localpart of more than 200 bytes'],
    [`${'é'.repeat(101)}@b`, 'has a localpart of more than 200 bytes'],
    [`a@${'b'.repeat(253)}`, 'has more than 254 bytes'],
  ])('refuses %j: it %s', (text, fault) => {
    expect(() => parseAddress(text)).toThrow(InvalidInputError)
    expect(() => parseAddress(text)).toThrow(fault)
  })

  it('takes the longest address that fits', () => {
    expect(formatAddress(parseAddress(`${'a'.repeat(200)}@${'b'.repeat(53)}`))).toHaveLength(254)
  })

  it('yields parts that are one plain file name each, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        let address: { localpart: string; domain: string | null }
        try {
          address = parseAddress(text)
        } catch {
          return
        }
        for (const part of [address.localpart, address.domain ?? '']) {
          expect(part).not.toMatch(/^\.|[/\\\0]|^$/)
          expect(Buffer.byteLength(part)).toBeLessThan(255)
        }
      }),
    )
  })
})

describe('parseExistingAddress', () => {
  it('takes what the original software allowed, exactly as typed', () => {
    expect(parseExistingAddress('.odd one@x/y')).toEqual({ localpart: '.odd one', domain: 'x/y' })
    expect(parseExistingAddress('jose\u0301@x').localpart).toBe('jose\u0301')
  })

  it('divides at the first "@", as the original does', () => {
    expect(parseExistingAddress('a@b@c')).toEqual({ localpart: 'a', domain: 'b@c' })
  })

  it('reads a bare name as an application store', () => {
    expect(parseExistingAddress('notes')).toEqual({ localpart: 'notes', domain: null })
  })

  it('refuses the empty text and NUL', () => {
    expect(() => parseExistingAddress('')).toThrow('is empty')
    expect(() => parseExistingAddress('a\0@b')).toThrow('NUL')
  })
})

describe('comparison', () => {
  it('ignores the case of ASCII letters only', () => {
    expect(sameAddress(parseAddress('ALICE@example.COM'), parseAddress('alice@Example.com'))).toBe(true)
    expect(sameAddress(parseAddress('É@example.com'), parseAddress('é@example.com'))).toBe(false)
    expect(foldCase('ÀÉ İ Kelvin \u212a')).toBe('ÀÉ İ kelvin \u212a')
  })

  it('keeps an application store apart from a user', () => {
    expect(sameAddress({ localpart: 'notes', domain: null }, { localpart: 'notes', domain: '' })).toBe(false)
  })
})

it.each(['\u200b', '\u00ad', '\u2060', '\u3164', '\u{e0061}', '\u180e', '\ufe0f'])(
  'an address with what no screen shows is not created: %j',
  invisible => {
    expect(() => parseAddress(`al${invisible}ice@example.com`)).toThrow('has an invisible character in its localpart')
    expect(() => parseAddress(`alice@exam${invisible}ple.com`)).toThrow('has an invisible character in its domain')
  },
)
