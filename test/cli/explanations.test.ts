import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { EXPLANATIONS } from '../../src/cli/explanations.js'

const source = fileURLToPath(new URL('../../src', import.meta.url))

/** Every code that the source gives to an error: `code: 'NO_SITE'` and the codes of the families. */
function codesInSource(): Set<string> {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
  const codes = files.flatMap(file => {
    const text = readFileSync(join(source, file), 'utf8')
    return [...text.matchAll(/\bcode: '([A-Z][A-Z0-9_]+)'|super\(message, '([A-Z_]+)'/g)].map(
      ([, own, family]) => own ?? family,
    )
  })
  return new Set(codes.filter(code => code !== undefined))
}

it('finds the codes', () => {
  expect([...codesInSource()]).toEqual(expect.arrayContaining(['NO_SITE', 'BUSY', 'INVALID_ADDRESS']))
})

it('explains every code of the source', () => {
  expect([...codesInSource()].filter(code => EXPLANATIONS[code] === undefined).sort()).toEqual([])
})

it('explains no code that nothing throws', () => {
  const codes = codesInSource()
  expect(Object.keys(EXPLANATIONS).filter(code => !codes.has(code))).toEqual([])
})

it('says what it means and what to do, in sentences', () => {
  for (const { meaning, remedy } of Object.values(EXPLANATIONS)) {
    expect(meaning).toMatch(/^[A-Z].*[.?]$/)
    expect(remedy).toMatch(/^\S.*\.$/)
  }
})
