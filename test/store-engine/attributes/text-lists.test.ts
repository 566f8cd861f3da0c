import { describe, expect, it } from 'vitest'
import { decodeTextList, encodeTextList } from '../../../src/store-engine/attributes/text-list.js'
import { ConstraintError } from '../../../src/store-engine/errors.js'
import { Store } from '../../../src/store-engine/store.js'
import { Everything } from '../fixture-items.js'

const hex = (text: string) => Buffer.from(text).toString('hex')

describe('text lists', () => {
  it.each([
    [[], '02'],
    [[''], '021f'],
    [['a', 'b'], '021f611f62'],
    [['', ''], '021f1f'],
    [['☃'], '021fe29883'],
  ])('behaviour 50: %j is %s on disk', (list, stored) => {
    expect(hex(encodeTextList(list, 'here'))).toBe(stored)
    expect(decodeTextList(Buffer.from(stored, 'hex').toString())).toEqual(list)
  })

  it.each([
    ['foo\u001fbar', ['foo', 'bar']],
    ['', ['']],
    ['\u001f', ['', '']],
    ['one', ['one']],
    ['a\u0002\u001fb', ['a\u0002', 'b']],
  ])('behaviour 50: %j, from before the guard, still decodes', (stored, list) => {
    expect(decodeTextList(stored)).toEqual(list)
  })

  it('elements with a separator, a guard, U+0000 or half a surrogate pair are refused; so is a bare string', () => {
    using store = Store.inMemory()
    for (const list of [['a\u001fb'], ['\u0002'], ['\0'], ['\ud800'], ['ok', 1], 'abc', { 0: 'a', length: 1 }])
      expect(() => store.create(Everything, { notNone: '', aTextList: list as string[] })).toThrow(ConstraintError)
    expect(store.typesOnDisk()).toEqual([])
  })

  it('a list that was read cannot be changed behind the item', () => {
    using store = Store.inMemory()
    const each = store.create(Everything, { notNone: '', aTextList: ['a'] })
    expect(() => (each.aTextList as string[]).push('b')).toThrow(TypeError)
    expect(each.aTextList).toEqual(['a'])
  })

  it('bytes that were read, or given, cannot be changed behind the item either', () => {
    using store = Store.inMemory()
    const given = Uint8Array.of(1, 2)
    const each = store.create(Everything, { notNone: '', someBytes: given })
    given[0] = 9
    each.someBytes?.set([7], 1)
    expect([...(each.someBytes ?? [])]).toEqual([1, 2])
  })
})
