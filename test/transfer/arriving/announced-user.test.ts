import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { changeFence, ensureFence } from '../../../src/site/fence.js'
import type { Site } from '../../../src/site/site.js'
import { importUser } from '../../../src/transfer/arriving/import-user.js'
import { planImport } from '../../../src/transfer/arriving/plan-import.js'
import { siteIdOf } from '../../../src/transfer/places.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { addUser, directoryOfUser, newSite, storeOfUser } from '../two-sites.js'

/** A site whose user alice is sealed by a transfer, as an export leaves its copies. */
function sealedAlice(): { readonly site: Site; readonly directory: string } {
  const site = newSite('origin.axiom')
  addUser(site, 'alice@example.com')
  using store = storeOfUser(site, 'alice@example.com')
  ensureFence(store, siteIdOf(site))
  changeFence(store, {}, { state: 'sealed', transferId: '01JZ0000000000000000000000' })
  return { site, directory: directoryOfUser(site, 'alice@example.com') }
}

const taking = (directory: string, restore = false) =>
  importUser(newSite(), { kind: 'directory', directory }, { restore }).then(
    ({ identity }) => identity,
    (error: { readonly code: string }) => error.code,
  )

it('a sealed store is a copy wherever it was brought to', async () => {
  const elsewhere = join(temporaryDirectory(), 'alice.axiom')
  cpSync(sealedAlice().directory, elsewhere, { recursive: true })
  expect(await taking(elsewhere)).toBe('new')
})

it('a sealed store that lies among the accounts of a site is that site’s own', async () => {
  const { directory } = sealedAlice()
  expect(await taking(directory)).toBe('STORE_CHANGING_HANDS')
  const planned = planImport(newSite(), { kind: 'directory', directory })
  await expect(planned).rejects.toMatchObject({ code: 'STORE_CHANGING_HANDS', details: { state: 'sealed' } })
  expect(await taking(directory, true)).toBe('kept')
})

it('a sealed store that a site is just taking in, or has put aside, is that site’s own', async () => {
  const { site, directory } = sealedAlice()
  const aside = join(site.directory, 'temp', 'incoming-01JZ0000000000000000000000')
  cpSync(directory, aside, { recursive: true })
  expect(await taking(aside)).toBe('STORE_CHANGING_HANDS')
})

it('a store that lies as deep as an account does, in what is no site, is a copy', async () => {
  const deep = join(temporaryDirectory(), 'backup/files/account/example.com')
  mkdirSync(deep, { recursive: true })
  cpSync(sealedAlice().directory, join(deep, 'alice.axiom'), { recursive: true })
  expect(await taking(join(deep, 'alice.axiom'))).toBe('new')
})
