import { cpSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { assertNotACopy, isSuspectedCopy, readIdentity } from '../../src/site/identity.js'
import { Site } from '../../src/site/site.js'
import { bareSite } from './bare-site.js'

it('suspects a copied directory of being a copy, and not the original', () => {
  const original = bareSite()
  original.close()
  const copy = join(original.directory, '../copy.axiom')
  cpSync(original.directory, copy, { recursive: true })
  using site = Site.open(copy)
  expect(isSuspectedCopy(site)).toBe(true)
  expect(() => assertNotACopy(site)).toThrow(expect.objectContaining({ code: 'SITE_IS_COPY' }))
  using again = Site.open(original.directory)
  expect(isSuspectedCopy(again)).toBe(false)
})

it('suspects a copy that has taken the place of the original', () => {
  const original = bareSite()
  original.close()
  const aside = join(original.directory, '../aside.axiom')
  renameSync(original.directory, aside)
  cpSync(aside, original.directory, { recursive: true })
  using site = Site.open(original.directory)
  expect(isSuspectedCopy(site)).toBe(true)
})

it('follows a rename', () => {
  const original = bareSite()
  original.close()
  const renamed = join(original.directory, '../renamed.axiom')
  renameSync(original.directory, renamed)
  using site = Site.open(renamed)
  expect(isSuspectedCopy(site)).toBe(false)
  expect(readIdentity(site)?.lastPath).toBe(renamed)
})
