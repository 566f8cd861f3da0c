import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openChosenStore, type StoreChoice } from '../../../src/cli/chosen-store.js'
import type { GlobalOptions } from '../../../src/cli/global-options.js'
import { fakeContext } from '../../support/fake-context.js'
import { ASite } from './a-site.js'

describe('the store that is meant', () => {
  const open = (
    site: ASite | undefined,
    choice: StoreChoice,
    options: Partial<GlobalOptions> & { cwd?: string } = {},
  ) =>
    openChosenStore(
      fakeContext(
        { ...(site === undefined ? {} : { site: site.directory }), quiet: true, ...options },
        { currentDirectory: options.cwd ?? '/nowhere' },
      ),
      choice,
      { write: false },
    )

  it('is the one of the site, of a user, of an offering, or in a directory, with its parent', async () => {
    const site = new ASite()
    const files = join(site.directory, 'files')
    const choices: [StoreChoice, string][] = [
      [{}, site.directory],
      [{ user: 'carol@EXAMPLE.net' }, site.carol],
      [{ app: 'people' }, join(files, 'app/People.axiom')],
      [{ store: 'account/example.net/carol.axiom' }, site.carol],
      [{ store: site.carol }, site.carol],
      [{ store: './files/account/example.net/carol.axiom' }, site.carol],
    ]
    for (const [choice, directory] of choices) {
      using chosen = await open(site, choice, { cwd: site.directory })
      expect([chosen.store.directory, chosen.store.readonly]).toEqual([directory, true])
      expect(chosen.site?.directory).toBe(site.directory)
      expect(chosen.store.parent).toBe(chosen.store.directory === site.directory ? null : chosen.site?.store)
    }
  })

  it('needs no site where its path says where it is, and finds the site above it', async () => {
    const site = new ASite()
    using below = await open(undefined, { store: site.carol })
    expect([below.site?.directory, below.store.idInParent]).toEqual([site.directory, expect.any(Number)])
    const alone = join(site.cwd, 'carol@example.net.axiom')
    cpSync(site.carol, alone, { recursive: true })
    using chosen = await open(undefined, { store: alone })
    expect([chosen.site, chosen.store.parent, chosen.store.directory]).toEqual([undefined, null, alone])
  })

  it('can be one that the site knows nothing of', async () => {
    const site = new ASite()
    cpSync(site.carol, join(site.directory, 'files/left-over.axiom'), { recursive: true })
    using chosen = await open(site, { store: 'left-over.axiom' })
    expect([chosen.site?.directory, chosen.store.parent]).toEqual([site.directory, null])
  })

  it.each<[StoreChoice, string]>([
    [{ user: 'nobody@example.net' }, 'NO_SUCH_USER'],
    [{ app: 'nonesuch' }, 'OFFERING_NOT_INSTALLED'],
    [{ store: 'account/nobody.axiom' }, 'NOT_A_STORE'],
    [{ store: '/nonesuch' }, 'NOT_A_STORE'],
    [{ store: 'account/../../../x' }, 'UNSAFE_PATH'],
    [{ store: '' }, 'UNSAFE_PATH'],
    [{ user: 'carol@example.net', app: 'People' }, 'USAGE'],
  ])('%j is refused with %s', async (choice, code) => {
    await expect(open(new ASite(), choice)).rejects.toMatchObject({ code })
  })

  it('is never one that a link in the site leads to, out of it', async () => {
    const site = new ASite()
    mkdirSync(join(site.cwd, 'elsewhere'))
    cpSync(site.carol, join(site.cwd, 'elsewhere/a.axiom'), { recursive: true })
    symlinkSync(join(site.cwd, 'elsewhere'), join(site.directory, 'files/link'))
    await expect(open(site, { store: 'link/a.axiom' })).rejects.toMatchObject({ code: 'PATH_ESCAPES' })
  })
})
