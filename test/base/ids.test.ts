import { expect, it } from 'vitest'
import { newUlid, newUuid } from '../../src/base/ids.js'

it('makes ULIDs that sort in the order of their making', () => {
  const made = Array.from({ length: 500 }, newUlid)
  expect([...made].sort()).toEqual(made)
  expect(made[0]).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
})

it('makes version 4 UUIDs', () => {
  expect(newUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
