import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { everyVerb } from '../support/every-verb.js'
import { ExampleSite } from '../support/example-site.js'

const page = readFileSync(fileURLToPath(new URL('../../docs/json-contract.md', import.meta.url)), 'utf8')

/** The page's parts: a verb, the command line that shows it, and the documented keys with their types. */
const contracts = page
  .split(/^## /m)
  .slice(1)
  .map(section => ({
    verb: section.split('\n', 1)[0] ?? '',
    line: /^ {4}\$ (.*)$/m.exec(section)?.[1] ?? '',
    keys: new Map([...section.matchAll(/^\| `(\w+)` \| ([^|]+?) \|/gm)].map(([, key = '', type = '']) => [key, type])),
  }))

let site: ExampleSite

beforeAll(() => {
  site = new ExampleSite()
})

beforeEach(() => site.restore())

afterAll(() => site[Symbol.dispose]())

function run(line: string): unknown {
  const { stdout, stderr, status } = site.run(line)
  expect(`${status} ${stderr}`).toMatch(/^0 /)
  return JSON.parse(stdout)
}

/** Verbs whose result is a script or a stream of bytes, or that speak in other verbs. */
const WITHOUT_CONTRACT = ['completion', 'demo']

it('every verb has a contract', () => {
  const documented = contracts.map(({ verb }) => verb)
  expect(everyVerb().filter(verb => !documented.includes(verb) && !WITHOUT_CONTRACT.includes(verb))).toEqual([])
})

describe.each(contracts.filter(({ line }) => line !== ''))('$verb', ({ line, keys }) => {
  it('prints exactly the keys of its table, of the types named there', () => {
    const printed = run(line)
    const rows: readonly Record<string, unknown>[] = Array.isArray(printed) ? printed : [printed]
    expect(rows).not.toEqual([])
    for (const row of rows) {
      expect(Object.keys(row)).toEqual([...keys.keys()])
      for (const [key, type] of keys) expect(`${key}: ${type}`).toContain(typeOf(row[key]))
    }
  })
})

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
