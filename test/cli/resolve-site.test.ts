import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { resolveSite } from '../../src/cli/resolve-site.js'
import { fakeContext } from '../support/fake-context.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

function directoryWith(...stores: readonly string[]): string {
  const directory = temporaryDirectory()
  for (const store of stores) {
    mkdirSync(join(directory, store))
    writeFileSync(join(directory, store, 'db.sqlite'), '')
  }
  return directory
}

it('takes --site before everything, relative to the current directory', async () => {
  const context = fakeContext({ site: 'b.axiom' }, { currentDirectory: '/sites', variables: { MANTISSA_SITE: '/x' } })
  expect(await resolveSite(context)).toBe('/sites/b.axiom')
})

it('takes MANTISSA_SITE next', async () => {
  const context = fakeContext({}, { currentDirectory: directoryWith('a.axiom'), variables: { MANTISSA_SITE: '/x' } })
  expect(await resolveSite(context)).toBe('/x')
})

it('takes the only *.axiom here and says so', async () => {
  const directory = directoryWith('a.axiom')
  mkdirSync(join(directory, 'empty.axiom'))
  const context = fakeContext({}, { currentDirectory: directory })
  expect(await resolveSite(context)).toBe(join(directory, 'a.axiom'))
  expect(context.env.stderr.text).toBe('using the site a.axiom\n')
})

it('lists the candidates when there are several', async () => {
  const context = fakeContext({}, { currentDirectory: directoryWith('b.axiom', 'a.axiom') })
  await expect(resolveSite(context)).rejects.toMatchObject({
    code: 'WHICH_SITE',
    details: { candidates: ['a.axiom', 'b.axiom'] },
  })
})

it('says how to name one when there is none', async () => {
  await expect(resolveSite(fakeContext({}, { currentDirectory: directoryWith() }))).rejects.toMatchObject({
    code: 'NO_SITE',
  })
})
