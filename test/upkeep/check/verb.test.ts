import { cpSync, readFileSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, it } from 'vitest'
import { mantissa } from '../../support/mantissa.js'
import { converse, hasScript } from '../../support/terminal.js'
import { BREAKAGES } from './breakages.js'
import { ALICE, BOB, bareSql, codesIn, type SmallSite, smallSite } from './small-site.js'

let site: SmallSite
let cwd: string

const run = (words: string) => mantissa(words, { cwd })
const errorOf = (err: string) => (JSON.parse(err) as { error: { code: string; details: object } }).error

beforeEach(() => {
  site = smallSite()
  cwd = dirname(site.directory)
})

describe('check', () => {
  it('prints nothing for a sound site, an empty list in JSON, and ends with 0', async () => {
    expect(await run('check --full')).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringContaining('using the site'),
    })
    expect(await run('check --json')).toMatchObject({ code: 0, out: expect.stringMatching(/^\[\s*\]\n$/) })
  })

  it('ends with 6 for an error, with the findings on standard output', async () => {
    BREAKAGES.ITEM_WITHOUT_OBJECT.breaks(site)
    BREAKAGES.BASE_INDEX_MISSING.breaks({ ...site, alice: site.bob })
    const { code, out, err } = await run(`check --json --site ${site.directory} --jobs 2`)
    expect(code).toBe(6)
    expect(errorOf(err)).toMatchObject({ code: 'SITE_UNSOUND', details: { errors: 1, warnings: 1 } })
    expect(JSON.parse(out)).toEqual([
      {
        severity: 'error',
        code: 'ITEM_WITHOUT_OBJECT',
        store: ALICE,
        address: 'alice@example.com',
        message: expect.stringContaining('login_method'),
        repair: 'put their objects back',
        status: 'found',
      },
      expect.objectContaining({ code: 'BASE_INDEX_MISSING', store: BOB, severity: 'warning' }),
    ])
  })

  it('ends with 0 for warnings', async () => {
    BREAKAGES.BASE_INDEX_MISSING.breaks(site)
    const { code, out } = await run('check')
    expect(code).toBe(0)
    expect(out.split('\t')).toMatchObject([
      'warning',
      'BASE_INDEX_MISSING',
      ALICE,
      'alice@example.com',
      {},
      {},
      'found\n',
    ])
  })

  it('looks at one user only when told so, and at nobody who is not there', async () => {
    BREAKAGES.ITEM_WITHOUT_OBJECT.breaks(site)
    expect((await run('check BOB@example.com')).code).toBe(0)
    expect((await run('check alice@example.com')).code).toBe(6)
    expect((await run('check carol@example.com')).code).toBe(3)
  })

  it('says of a place that holds no site that there is none', async () => {
    const { code, err } = await run(`check --json --site ${join(cwd, 'nowhere.axiom')}`)
    expect(code).toBe(3)
    expect(errorOf(err).code).toBe('NOT_A_STORE')
  })

  it('works where the site cannot be opened', async () => {
    BREAKAGES.SITE_TOO_NEW.breaks(site)
    const { code, out } = await run('check --json')
    expect([code, JSON.parse(out)]).toMatchObject([6, [{ code: 'SITE_TOO_NEW', store: '.' }]])
  })

  it('explains a finding', async () => {
    expect((await run('explain ITEM_WITHOUT_OBJECT')).out).toContain('--repair')
  })

  it.each(['--jobs 0', '--jobs many', '--dry-run'])('refuses %s', async words => {
    expect((await run(`check ${words}`)).code).toBe(2)
  })
})

describe('check --repair', () => {
  it('asks for a terminal or --yes, and changes nothing without', async () => {
    BREAKAGES.BASE_INDEX_MISSING.breaks(site)
    const { code, err } = await run('check --repair --json')
    expect([code, err]).toEqual([2, expect.stringContaining('--yes')])
    expect(await codesIn(site.directory)).toEqual(['BASE_INDEX_MISSING'])
  })

  it('--dry-run shows what would be repaired, and touches nothing', async () => {
    BREAKAGES.ITEM_WITHOUT_OBJECT.breaks(site)
    const database = readFileSync(join(site.alice, 'db.sqlite'))
    const { code, out } = await run('check --repair --dry-run --json')
    expect([code, JSON.parse(out)]).toMatchObject([6, [{ code: 'ITEM_WITHOUT_OBJECT', status: 'planned' }]])
    expect(readFileSync(join(site.alice, 'db.sqlite')).equals(database)).toBe(true)
  })

  it('repairs what it can, checks again, and ends with 0 when no error is left', async () => {
    for (const code of ['ITEM_WITHOUT_OBJECT', 'KEY_EXPOSED', 'HOOK_MISSING'] as const) BREAKAGES[code].breaks(site)
    const { code, out } = await run('check --repair --yes --json')
    expect(JSON.parse(out)).toMatchObject([
      { code: 'KEY_EXPOSED', status: 'repaired' },
      { code: 'ITEM_WITHOUT_OBJECT', status: 'repaired' },
      { code: 'HOOK_MISSING', status: 'repaired' },
    ])
    expect(code).toBe(0)
    expect(await codesIn(site.directory)).toEqual([])
  })

  it('ends with 6 when an error is left that has no repair', async () => {
    BREAKAGES.FOREIGN_SCHEMA.breaks(site)
    BREAKAGES.ITEM_WITHOUT_OBJECT.breaks({ ...site, alice: site.bob })
    const { code, out, err } = await run('check --repair --yes --json')
    expect(code).toBe(6)
    expect(err).toContain('SITE_UNSOUND')
    expect(JSON.parse(out)).toMatchObject([
      { code: 'ITEM_WITHOUT_OBJECT', status: 'repaired', store: BOB },
      { code: 'FOREIGN_SCHEMA', status: 'found', store: ALICE, repair: null },
    ])
  })

  it('gives a copy of a site an identity of its own', async () => {
    const copy = join(cwd, 'copy.axiom')
    cpSync(site.directory, copy, { recursive: true })
    expect(await codesIn(copy)).toEqual(['SITE_IS_COPY'])
    expect((await run(`check --repair --yes --site ${copy}`)).code).toBe(0)
    const idOf = async (path: string) =>
      (JSON.parse((await run(`info --json --site ${path}`)).out) as { siteId: string }).siteId
    expect(await idOf(copy)).not.toBe(await idOf(site.directory))
    expect(await codesIn(copy)).toEqual([])
  })

  it.skipIf(!hasScript)('shows what it will do and asks on a terminal; no means nothing', async () => {
    BREAKAGES.BASE_INDEX_MISSING.breaks(site)
    const turns = [['(y/N)', 'n\n']] as const
    const { code, screen } = await converse('check --repair', { cwd, turns })
    expect(code).toBe(2)
    expect(screen).toContain('make what is missing')
    expect(await codesIn(site.directory)).toEqual(['BASE_INDEX_MISSING'])
  })
})

describe('a repair that is killed at one step or another', () => {
  const dieAt = fileURLToPath(new URL('../../support/die-at.mjs', import.meta.url))

  it('leaves a site that a second one finishes', async () => {
    for (const code of [
      'ITEM_WITHOUT_OBJECT',
      'ACCOUNT_COPY_DIFFERS',
      'RESERVATION_WITHOUT_HOLDER',
      'HOOK_MISSING',
    ] as const)
      BREAKAGES[code].breaks(site)
    bareSql(site.bob, 'INSERT INTO axiom_objects (type_id) VALUES (1)')
    const broken = join(cwd, 'kept')
    renameSync(site.directory, broken)
    for (let step = 1, ended = false; !ended; step += 3) {
      cpSync(broken, site.directory, { recursive: true })
      bareSql(site.directory, 'UPDATE mantissa_site SET last_inode = NULL')
      const options = { cwd, variables: { DIE_AT: String(step) }, nodeOptions: ['--import', dieAt] }
      const { signal } = await mantissa('check --repair --yes', options)
      ended = signal === null
      expect((await run('check --repair --yes')).code).toBe(0)
      expect(await codesIn(site.directory)).toEqual([])
      renameSync(site.directory, join(cwd, `done${step}`))
    }
  }, 120_000)
})
