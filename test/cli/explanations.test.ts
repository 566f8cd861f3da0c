import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { EXPLANATIONS } from '../../src/cli/explanations.js'
import { ARCHIVE_FAULTS } from '../../src/transfer/archive-faults.js'
import { FINDINGS } from '../../src/upkeep/check/finding.js'

const source = fileURLToPath(new URL('../../src', import.meta.url))

/** Every code that the source gives to an error: what follows `code:` on its line, or is the first word of `super(` or of `refusal(`. */
function codesInSource(): Set<string> {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
  const places = files.flatMap(file => {
    const text = readFileSync(join(source, file), 'utf8')
    return [...text.matchAll(/\bcode(?:: | = )'?[^,}\n]*|\b(?:super\((?:message, )?|refusal\(\s*)'[A-Z_]+'/g)].map(
      ([place]) => place,
    )
  })
  return new Set(
    places.flatMap(place => [...place.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)'/g)].map(([, code = '']) => code)),
  )
}

/** Errors and findings; some meanings are both. */
const codes = new Set([...codesInSource(), ...Object.keys(FINDINGS), ...Object.keys(ARCHIVE_FAULTS)])

it('finds the codes', () => {
  expect([...codesInSource()]).toEqual(expect.arrayContaining(['NO_SITE', 'BUSY', 'INVALID_ADDRESS']))
})

it('explains every code of the source and every finding', () => {
  expect([...codes].filter(code => EXPLANATIONS[code] === undefined).sort()).toEqual([])
})

it('explains no code that nothing throws or finds', () => {
  expect(Object.keys(EXPLANATIONS).filter(code => !codes.has(code))).toEqual([])
})

it('says what it means and what to do, in sentences', () => {
  for (const { meaning, remedy } of Object.values(EXPLANATIONS)) {
    expect(meaning).toMatch(/^[A-Z].*[.?]$/)
    expect(remedy).toMatch(/^\S.*\.$/)
  }
})
