import { expect, it } from 'vitest'
import { stringifyJson } from '../../src/base/json.js'

it('writes a bigint as a string, so that no digit is lost', () => {
  expect(stringifyJson({ big: 2n ** 63n - 1n, small: 1n, list: [3n] })).toBe(
    '{"big":"9223372036854775807","small":"1","list":["3"]}',
  )
})

it('indents on demand', () => {
  expect(stringifyJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}')
})
