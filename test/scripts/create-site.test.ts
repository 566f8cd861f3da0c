import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listAudit } from '../../src/site/audit.js'
import { Site } from '../../src/site/site.js'
import { cloneFixture } from '../support/fixtures.js'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const CREATE = 'create-site new.axiom --admin admin@example.com --password-file - --json'

describe('create-site', () => {
  it('makes a site and its administrator, then says already', async () => {
    const cwd = temporaryDirectory()
    const first = await mantissa(CREATE, { cwd, stdin: 'secret\n' })
    expect(first).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(first.out)).toEqual({
      site: join(cwd, 'new.axiom'),
      status: 'done',
      hostname: 'example.com',
      publicUrl: null,
      admin: 'admin@example.com',
      adminStatus: 'done',
    })
    const second = await mantissa(CREATE, { cwd })
    expect(JSON.parse(second.out)).toMatchObject({ status: 'already', adminStatus: 'already' })
    expect(first.out + second.out).not.toContain('secret')
  })

  it('is recorded in the audit log, without the password', async () => {
    const cwd = temporaryDirectory()
    await mantissa('create-site new.axiom --admin admin@example.com --generate', { cwd })
    using site = Site.open(join(cwd, 'new.axiom'), { readonly: true })
    const [record] = listAudit(site)
    expect(record).toMatchObject({ verb: 'create-site', result: 'done' })
    expect(Object.keys(record?.args as object).sort()).toEqual(['admin', 'dir', 'generate'])
  })

  it('plans without touching anything', async () => {
    const cwd = temporaryDirectory()
    const { out, code } = await mantissa('create-site new.axiom --admin admin@example.com -n --json', { cwd })
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ status: 'planned', hostname: 'example.com', adminStatus: 'planned' })
    expect(readdirSync(cwd)).toEqual([])
  })

  it('makes nothing when nobody is there to give the password', async () => {
    const cwd = temporaryDirectory()
    const { code, err } = await mantissa('create-site new.axiom --admin admin@example.com', { cwd })
    expect(code).toBe(2)
    expect(err).toContain('--password-file')
    expect(readdirSync(cwd)).toEqual([])
  })

  it('leaves what the original made as it is', async () => {
    const site = cloneFixture('divmod-site.axiom')
    const { out } = await mantissa(`create-site ${site} --json`, { cwd: temporaryDirectory() })
    expect(JSON.parse(out)).toMatchObject({ status: 'already', hostname: 'example.org' })
    const other = await mantissa(`create-site ${site} --hostname example.net`, { cwd: temporaryDirectory() })
    expect(other.code).toBe(4)
  })

  it('answers to its old name, on the site that is named', async () => {
    const cwd = temporaryDirectory()
    const { code } = await mantissa('--site old.axiom mantissa -a admin@example.org --generate', { cwd })
    expect(code).toBe(0)
    expect(existsSync(join(cwd, 'old.axiom/files/account/example.org/admin.axiom'))).toBe(true)
  })

  it('needs to be told where', async () => {
    expect(await mantissa('create-site', { cwd: temporaryDirectory() })).toMatchObject({ code: 2 })
  })

  it('is completed by the same command when it was killed at any moment', async () => {
    for (let delay = 60; delay <= 420; delay += 40) {
      const cwd = temporaryDirectory()
      await mantissa(CREATE, {
        cwd,
        stdin: 'secret\n',
        started: child => void setTimeout(() => child.kill('SIGKILL'), delay),
      })
      const { code, err } = await mantissa(CREATE, { cwd, stdin: 'secret\n' })
      expect({ delay, code, err }).toEqual({ delay, code: 0, err: '' })
      const { out } = await mantissa('offering list --installed --site new.axiom', { cwd })
      expect(out).toMatch(/^mantissa-base\tinstalled/)
      using site = Site.open(join(cwd, 'new.axiom'), { readonly: true })
      expect(site.store.sql.all('SELECT * FROM mantissa_deed')).toEqual([])
    }
  })
})
