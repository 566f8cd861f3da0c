import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { addSource, planSource } from '../../src/offerings/add-source.js'
import { listDeclaredOfferings, readDeclaration } from '../../src/offerings/declarations.js'
import { installOffering } from '../../src/offerings/install-offering.js'
import { getOfferingState } from '../../src/offerings/list-offerings.js'
import { loadOffering } from '../../src/offerings/load-offering.js'
import { defineOffering } from '../../src/offerings/offering.js'
import { listSources } from '../../src/offerings/recorded-sources.js'
import { openNewSite } from '../support/sites.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

/** A package that would end the process if its code were run. */
function makePackage(manifest: object): string {
  const directory = join(temporaryDirectory(), 'package')
  mkdirSync(join(directory, 'dist'), { recursive: true, mode: 0o755 })
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest), { mode: 0o644 })
  writeFileSync(join(directory, 'dist/offerings.js'), 'process.exit(99)', { mode: 0o644 })
  return directory
}

const manifest = {
  name: '@somebody/polls',
  version: '1.2.3',
  description: 'Ask everybody',
  mantissa: { offerings: './dist/offerings.js' },
}

const DIGEST = { name: 'digest', description: 'of notes', requires: ['notes'] }

describe('a source', () => {
  it('is recorded in the site, and its offerings are listed without running their code', async () => {
    const site = await openNewSite()
    const directory = makePackage(manifest)
    expect(planSource(site, directory).status).toBe('done')
    expect(listSources(site)).toEqual([])
    expect(addSource(site, directory)).toMatchObject({ path: directory, status: 'done' })
    expect(addSource(site, directory).status).toBe('already')
    expect(listSources(site).map(source => source.path)).toEqual([directory])
    expect(listDeclaredOfferings(site).find(each => each.name === 'polls')).toEqual({
      name: 'polls',
      description: 'Ask everybody',
      version: '1.2.3',
      requires: [],
      powerups: null,
      source: directory,
      module: join(directory, 'dist/offerings.js'),
    })
  })

  it('may say which others an offering uses, which are installed first', async () => {
    const site = await openNewSite()
    addSource(site, makePackage({ ...manifest, mantissa: { ...manifest.mantissa, provides: [DIGEST] } }))
    const digest = defineOffering({ name: 'digest', description: 'of notes' })
    await expect(installOffering(site, digest)).rejects.toMatchObject({
      code: 'OFFERING_REQUIRES',
      details: { missing: ['notes'] },
    })
    await installOffering(site, await loadOffering('notes'))
    await installOffering(site, digest)
    expect(getOfferingState(site, 'digest')).toMatchObject({ status: 'installed', requires: ['notes'] })
  })

  it('may say what is in it', () => {
    const provides = [{ name: 'a', description: 'A', powerups: [{ name: 'p', description: 'P' }] }, { name: 'b' }]
    const directory = makePackage({ ...manifest, mantissa: { ...manifest.mantissa, provides } })
    expect(readDeclaration(directory).map(({ name, powerups }) => ({ name, powerups }))).toEqual([
      { name: 'a', powerups: [{ name: 'p', description: 'P' }] },
      { name: 'b', powerups: null },
    ])
  })

  it.each([
    ['no declaration', { name: 'x' }],
    ['a module that is not there', { name: 'x', mantissa: { offerings: './gone.js' } }],
    ['a list that is none', { name: 'x', mantissa: { offerings: './dist/offerings.js', provides: 1 } }],
    ['an offering without a name', { name: 'x', mantissa: { offerings: './dist/offerings.js', provides: [{}] } }],
    ['nonsense', 'x'],
  ])('is refused for %s', async (_what, content) => {
    const site = await openNewSite()
    expect(() => addSource(site, makePackage(content as object))).toThrow(
      expect.objectContaining({ code: 'OFFERING_DECLARATION' }),
    )
    expect(listSources(site)).toEqual([])
  })

  it('cannot point out of its package', () => {
    const directory = makePackage({ name: 'x', mantissa: { offerings: '../../../etc/passwd' } })
    expect(() => readDeclaration(directory)).toThrow(expect.objectContaining({ code: 'PATH_ESCAPES' }))
  })

  it('cannot take the name of another offering', async () => {
    const site = await openNewSite()
    const directory = makePackage({ ...manifest, name: 'notes' })
    expect(() => addSource(site, directory)).toThrow(expect.objectContaining({ code: 'OFFERING_NAME_TAKEN' }))
  })

  it('must exist', async () => {
    const site = await openNewSite()
    expect(() => addSource(site, '/nowhere/at/all')).toThrow(expect.objectContaining({ code: 'SOURCE_NOT_FOUND' }))
  })
})

describe('code that others can change', () => {
  it.each([['.'], ['package.json'], ['dist'], ['dist/offerings.js']])('is refused: %s', async entry => {
    const site = await openNewSite()
    const directory = makePackage(manifest)
    chmodSync(join(directory, entry), 0o777)
    expect(() => addSource(site, directory)).toThrow(expect.objectContaining({ code: 'SOURCE_UNTRUSTED' }))
  })

  it.skipIf(process.getuid?.() !== 0)(
    "is refused when it is neither root's nor the runner's, also on a site of its owner's",
    async () => {
      const site = await openNewSite()
      const directory = makePackage(manifest)
      chownSync(join(directory, 'dist/offerings.js'), 12345, 12345)
      expect(() => addSource(site, directory)).toThrow(expect.objectContaining({ code: 'SOURCE_UNTRUSTED' }))
      chownSync(site.directory, 12345, 12345)
      expect(() => addSource(site, directory)).toThrow(expect.objectContaining({ code: 'SOURCE_UNTRUSTED' }))
      chownSync(join(directory, 'dist/offerings.js'), 0, 0)
      expect(addSource(site, directory).status).toBe('done')
    },
  )

  it('is refused when a directory above can be exchanged', async () => {
    const site = await openNewSite()
    const directory = makePackage(manifest)
    chmodSync(join(directory, '..'), 0o777)
    expect(() => addSource(site, directory)).toThrow(expect.objectContaining({ code: 'SOURCE_UNTRUSTED' }))
  })

  it('is refused again when it is to be loaded', async () => {
    const site = await openNewSite()
    const directory = makePackage(manifest)
    addSource(site, directory)
    chmodSync(join(directory, 'dist/offerings.js'), 0o666)
    await expect(loadOffering('polls', site)).rejects.toMatchObject({ code: 'SOURCE_UNTRUSTED' })
  })
})

describe('the toolkit', () => {
  it('declares its own offerings, and they are what it says', async () => {
    const declared = listDeclaredOfferings()
    expect(declared.map(each => each.name)).toEqual(['mantissa-base', 'mail', 'notes'])
    for (const { name, description, version, powerups } of declared) {
      const offering = await loadOffering(name)
      expect({ description, version }).toEqual({ description: offering.description, version: offering.version })
      const offered = offering.installablePowerups.map(each => ({ name: each.name, description: each.description }))
      expect(powerups).toEqual(offered)
    }
  })

  it('names what there is when asked for something else', async () => {
    await expect(loadOffering('nots')).rejects.toMatchObject({
      code: 'OFFERING_NOT_FOUND',
      details: { candidates: ['mantissa-base', 'mail', 'notes'] },
    })
  })

  it('declares in package.json what the documentation says', () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
    expect(manifest.mantissa.offerings).toBe('./dist/bundled/offerings.js')
  })
})
