import { existsSync, lchownSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createAccount } from '../../src/accounts/create-account.js'
import { parseAddress } from '../../src/base/address.js'
import { installOffering } from '../../src/offerings/install-offering.js'
import { loadOffering } from '../../src/offerings/load-offering.js'
import { Site } from '../../src/site/site.js'
import { openNewSite } from '../support/sites.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

/** Puts a link to an empty directory elsewhere in the place of one of the site's, and returns where it leads. */
function link(site: Site, place: string): string {
  const elsewhere = temporaryDirectory()
  const path = join(site.directory, place)
  rmSync(path, { recursive: true, force: true })
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(elsewhere, path)
  return elsewhere
}

describe('a site in which a link stands for a directory', () => {
  const isRoot = process.getuid?.() === 0
  it.skipIf(!isRoot).each(['files', 'temp', 'run', 'run/locks'])(
    "of somebody else's is not written: %s",
    async place => {
      const site = await openNewSite()
      const elsewhere = link(site, place)
      Site.open(site.directory).close()
      lchownSync(join(site.directory, place), 12345, 12345)
      expect(() => Site.open(site.directory)).toThrow(expect.objectContaining({ code: 'LINKED_PLACE' }))
      Site.open(site.directory, { readonly: true }).close()
      expect(readdirSync(elsewhere)).toEqual([])
    },
  )

  it.each(['files/account', 'files/account/example.com'])('makes no account through %s', async place => {
    const site = await openNewSite()
    const elsewhere = link(site, place)
    const make = () => createAccount(site, { address: parseAddress('alice@example.com'), passwordHash: null })
    expect(make).toThrow(expect.objectContaining({ code: 'PATH_ESCAPES' }))
    expect([readdirSync(elsewhere), readdirSync(join(site.directory, 'temp'))]).toEqual([[], []])
  })

  it('installs no offering through it', async () => {
    const site = await openNewSite()
    const elsewhere = link(site, 'files/app')
    const notes = await loadOffering('notes')
    await expect(installOffering(site, notes)).rejects.toMatchObject({ code: 'PATH_ESCAPES' })
    expect(existsSync(join(elsewhere, 'notes.axiom'))).toBe(false)
  })
})
