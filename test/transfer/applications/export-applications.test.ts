import { execFileSync } from 'node:child_process'
import { createReadStream, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAddress, parseExistingAddress } from '../../../src/base/address.js'
import { installOffering } from '../../../src/offerings/install-offering.js'
import { loadOffering } from '../../../src/offerings/load-offering.js'
import { IService } from '../../../src/offerings/site-items/interfaces.js'
import { PublicWeb } from '../../../src/offerings/site-items/public-pages.js'
import { Site } from '../../../src/site/site.js'
import { PowerupConnector } from '../../../src/store-engine/powerups/powerup.js'
import type { SubStore } from '../../../src/store-engine/sub-store.js'
import { parseManifest } from '../../../src/transfer/archive/parse-manifest.js'
import type { ImportOptions } from '../../../src/transfer/arriving/import-options.js'
import { importUser } from '../../../src/transfer/arriving/import-user.js'
import { planImport } from '../../../src/transfer/arriving/plan-import.js'
import { exportUser } from '../../../src/transfer/leaving/export-user.js'
import { planExport } from '../../../src/transfer/leaving/plan-export.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { cloneFixture } from '../../support/fixtures.js'
import { rawRowsBelow } from '../../support/raw-rows.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { addUser, keep, newSite } from '../two-sites.js'
import { applicationOf, expectNotes, faultsOf, manifestIn, NOTES, rowsOfNotes, siteWithNotes } from './notes-sites.js'

const archive = (file: string) => ({ kind: 'archive', input: createReadStream(file) }) as const

async function exported(site: Site, options: { readonly remove?: boolean; readonly name?: string } = {}) {
  const file = join(temporaryDirectory(), 'application.tar.gz')
  const { name = 'notes', ...rest } = options
  const result = await exportUser(site, parseExistingAddress(name), { to: { kind: 'archive', file }, ...rest })
  return { file, result }
}

/** The same archive with another manifest. */
function rewritten(file: string, change: (manifest: Record<string, unknown>) => void): string {
  const directory = temporaryDirectory()
  execFileSync('tar', ['-xzf', file, '-C', directory])
  const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'))
  change(manifest)
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest))
  const rest = readdirSync(directory).filter(name => name !== 'manifest.json')
  const again = join(temporaryDirectory(), 'again.tar.gz')
  execFileSync('tar', ['-czf', again, '-C', directory, 'manifest.json', ...rest])
  return again
}

describe('an archive of an application store', () => {
  it('is of a format of its own, which those who know only people refuse', async () => {
    const site = await siteWithNotes()
    addUser(site, 'alice@example.com')
    const { file, result } = await exported(site)
    expect(result).toMatchObject({ address: 'notes', offering: 'notes', removed: false, warnings: [] })
    const manifest = manifestIn(file)
    expect(manifest).toMatchObject({
      formatVersion: 2,
      application: {
        offering: 'notes',
        pages: [{ prefixURL: 'notes', sessioned: false, sessionless: false, installed: false }],
        powerups: [],
      },
    })
    const alice = manifestIn((await exported(site, { name: 'alice@example.com' })).file)
    expect(alice['formatVersion']).toBe(1)
    expect(alice).not.toHaveProperty('application')
    const { application: _, ...rest } = manifest
    const text = Buffer.from(JSON.stringify(rest))
    expect(() => parseManifest(text)).toThrow(expect.objectContaining({ code: 'ARCHIVE_MANIFEST_INVALID' }))
  })

  it('of one that stayed is a copy, for a site without the offering', async () => {
    const [site, other] = [await siteWithNotes(), newSite('other.axiom')]
    const { file, result } = await exported(site)
    await expect(importUser(site, archive(file))).rejects.toMatchObject({ code: 'OFFERING_ALREADY_INSTALLED' })
    expect(await planImport(other, archive(file))).toMatchObject({ offering: 'notes', identity: 'new' })
    const imported = await importUser(other, archive(file))
    expect(imported).toMatchObject({ address: 'notes', offering: 'notes', identity: 'new' })
    expect(imported.storeId).not.toBe(result.storeId)
    expect(rowsOfNotes(other)).toEqual(rowsOfNotes(site))
    for (const each of [site, other]) expectNotes(each, true)
    expect([await faultsOf(site), await faultsOf(other)]).toEqual([[], []])
  })

  it('of one that left brings it back, or the offering is installed anew and it cannot come any more', async () => {
    const site = await siteWithNotes()
    const before = rowsOfNotes(site)
    const plan = await planExport(site, NOTES, {
      to: { kind: 'archive', file: join(temporaryDirectory(), 'x') },
      remove: true,
    })
    expect(plan.warnings.join('\n')).toContain('/notes/ leads nowhere until')
    const { file, result } = await exported(site, { remove: true })
    expect(result.warnings).toEqual(plan.warnings)
    expectNotes(site, false)
    expect(await faultsOf(site)).toEqual([])
    expect(await importUser(site, archive(file))).toMatchObject({ identity: 'kept', storeId: result.storeId })
    expect(rowsOfNotes(site)).toEqual(before)
    expectNotes(site, true)
    const again = await exported(site, { remove: true })
    await installOffering(site, await loadOffering('notes'))
    await expect(importUser(site, archive(again.file))).rejects.toMatchObject({ code: 'OFFERING_ALREADY_INSTALLED' })
  })

  it('comes where another of its name has left from only where somebody says so, and that one is forgotten', async () => {
    const [site, other] = [await siteWithNotes(), newSite('other.axiom')]
    await transferUser(site, NOTES, { to: other })
    const { file } = await exported(other)
    await expect(importUser(site, archive(file))).rejects.toMatchObject({ code: 'ADDRESS_MOVED' })
    await importUser(site, archive(file), { reuseNames: true })
    for (const each of [site, other]) expectNotes(each, true)
    expect(await faultsOf(site)).toEqual([])
  })

  it('has no other name, and does not become a directory', async () => {
    const [site, other] = [await siteWithNotes(), newSite('other.axiom')]
    const { file } = await exported(site)
    const as = parseAddress('notes@example.com')
    await expect(importUser(other, archive(file), { as })).rejects.toMatchObject({ code: 'APP_STORE_NOT_RENAMABLE' })
    const directory = temporaryDirectory()
    await expect(exportUser(site, NOTES, { to: { kind: 'directory', directory } })).rejects.toMatchObject({
      code: 'APP_STORE_NEEDS_ARCHIVE',
    })
    expectNotes(other, false)
  })

  it('comes back from its quarantine with what an installation would have given it', async () => {
    const site = await siteWithNotes()
    const before = rowsOfNotes(site)
    const { result } = await exported(site, { remove: true })
    const from = { kind: 'directory', directory: result.quarantine as string } as const
    await importUser(site, from, { restore: true })
    expect(rowsOfNotes(site)).toEqual(before)
    expectNotes(site, true)
    expect(await faultsOf(site)).toEqual([])
  })

  it('of the original is written, and taken in only where the code of its offering is', async () => {
    const site = keep(Site.open(cloneFixture('divmod-site.axiom')))
    const before = rawRowsBelow(site.directory)
    for (const name of ['People', 'mantissa', 'mantissa-amp']) {
      const { file } = await exported(site, { name })
      const other = newSite()
      await expect(importUser(other, archive(file)), name).rejects.toMatchObject({ code: 'APP_STORE_NEEDS_CODE' })
      expect(other.store.query(PublicWeb).count()).toBe(0)
    }
    await expect(exported(site, { name: 'mantissa-base' })).rejects.toMatchObject({ code: 'APP_STORE_NOT_MOVABLE' })
    expect(rawRowsBelow(site.directory)).toEqual(before)
  })
})

describe('an archive of an application store by somebody who means no good', () => {
  const imported = (file: string, site: Site, options: ImportOptions = {}) => importUser(site, archive(file), options)

  it('does not make its store answer for the whole site', async () => {
    const [site, other] = [await siteWithNotes(), newSite('other.axiom')]
    site.store.powerUp(applicationOf(site) as SubStore, IService)
    const { file } = await exported(site)
    const connectors = other.store.query(PowerupConnector).count()
    const { warnings } = await imported(file, other)
    expect(warnings.join('\n')).toContain(`which is not made so here: ${IService.name}`)
    expect(other.store.query(PowerupConnector).count()).toBe(connectors)
    expectNotes(other, true)
  })

  it.each([
    ['a path for an offering', { offering: '../../evil' }],
    ['the root for its pages', { pages: [{ prefixURL: '', sessioned: true, sessionless: true, installed: true }] }],
    ['another offering than its account', { offering: 'mantissa-base' }],
    ['pages that are none', { pages: 'all' }],
    ['a priority that is none', { powerups: [{ interface: 'x', priority: 1.5 }] }],
  ])('is refused with %s', async (_what, change) => {
    const [site, other] = [await siteWithNotes(), newSite('other.axiom')]
    const { file } = await exported(site)
    const evil = rewritten(file, manifest => Object.assign(manifest['application'] as object, change))
    await expect(imported(evil, other)).rejects.toMatchObject({ code: 'ARCHIVE_MANIFEST_INVALID' })
    expectNotes(other, false)
    expect(await faultsOf(other)).toEqual([])
  })

  it('is not taken for a person, nor a person for an application store', async () => {
    const [site, other] = [await siteWithNotes(), newSite('other.axiom')]
    addUser(site, 'alice@example.com')
    const { file } = await exported(site)
    const asPerson = rewritten(file, manifest => {
      manifest['formatVersion'] = 1
    })
    await expect(imported(asPerson, other)).rejects.toMatchObject({ code: 'STORE_WITHOUT_ADDRESS' })
    await expect(imported(asPerson, other, { as: parseAddress('eve@example.com') })).rejects.toMatchObject({
      code: 'STORE_WITHOUT_ADDRESS',
    })
    const { file: alice } = await exported(site, { name: 'alice@example.com' })
    const { application } = manifestIn(file)
    const asApplication = rewritten(alice, manifest => Object.assign(manifest, { formatVersion: 2, application }))
    await expect(imported(asApplication, other)).rejects.toMatchObject({ code: 'ARCHIVE_MANIFEST_INVALID' })
    expectNotes(other, false)
  })
})
