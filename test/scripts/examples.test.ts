import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { everyVerb, examplesOf, helpOf } from '../support/every-verb.js'
import { ExampleSite } from '../support/example-site.js'

let site: ExampleSite

beforeAll(() => {
  site = new ExampleSite()
})

beforeEach(() => site.restore())

afterAll(() => site[Symbol.dispose]())

describe.each(everyVerb())('the help of %s', verb => {
  it('says what it is for, and has examples that work', async () => {
    expect(await helpOf(verb)).toMatch(new RegExp(`^Usage: mantissa ${verb}`))
    const examples = await examplesOf(verb)
    expect(examples).not.toEqual([])
    for (const line of examples) {
      site.restore()
      expect(line).toMatch(/\bmantissa\b/)
      const { status, stderr } = site.run(line)
      // A person would be asked here; that it comes so far is all that can be shown without one.
      if (stderr.includes('there is no terminal to ask on')) continue
      expect(`${line}: ${status} ${stderr}`).toMatch(/: 0 /)
    }
  })
})
