import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Site } from '../../src/site/site.js'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

/** An offering whose items kill their process at the moment that the environment names. */
const CODE = `
import { defineInterface, defineOffering, integer, item } from 'mantissa'
const dieAt = moment => { if (process.env.DIE_AT === moment) process.kill(process.pid, 'SIGKILL') }
const spec = typeName => ({
  typeName, version: 1, module: 'axiom.item',
  attributes: { count: integer({ default: 0 }) },
  powerupInterfaces: [defineInterface('test.crash.' + typeName)],
})
class Book extends item(spec('crash_book')) {
  stored() { dieAt('app powerup stored') }
  installed() { dieAt('app powerup installed') }
  committed() { dieAt('app store committed') }
}
class Reader extends item(spec('crash_reader')) {
  stored() { dieAt('powerup stored') }
  installed() { dieAt('powerup installed') }
  uninstalled() { dieAt('powerup uninstalled') }
  committed() { dieAt('user store committed') }
}
export const offerings = [defineOffering({
  name: 'crash', description: '', appPowerups: [Book],
  installablePowerups: [{ name: 'reader', description: '', itemClass: Reader }],
})]
`

async function prepared(...lines: readonly string[]): Promise<string> {
  const cwd = temporaryDirectory()
  mkdirSync(join(cwd, 'crash'), { mode: 0o755 })
  const manifest = { name: 'crash', type: 'module', mantissa: { offerings: './offerings.js' } }
  writeFileSync(join(cwd, 'crash/package.json'), JSON.stringify(manifest), { mode: 0o644 })
  writeFileSync(join(cwd, 'crash/offerings.js'), CODE, { mode: 0o644 })
  for (const line of ['create-site site.axiom --admin a@example.com --generate', 'offering add-source crash', ...lines])
    await succeed(cwd, line)
  return cwd
}

async function succeed(cwd: string, line: string): Promise<string> {
  const { code, out, err } = await mantissa(line, { cwd })
  expect({ line, code, err: code === 0 ? '' : err }).toEqual({ line, code: 0, err: '' })
  return out
}

async function die(cwd: string, line: string, moment: string): Promise<void> {
  expect(await mantissa(line, { cwd, variables: { DIE_AT: moment } })).toMatchObject({ signal: 'SIGKILL' })
}

function deedsOf(cwd: string): unknown[] {
  using site = Site.open(join(cwd, 'site.axiom'), { readonly: true })
  return site.store.sql.all('SELECT kind FROM mantissa_deed')
}

async function usersOf(cwd: string): Promise<number> {
  return JSON.parse(await succeed(cwd, 'offering show crash --json')).users
}

describe('a process that is killed', () => {
  it.each(['app powerup stored', 'app powerup installed', 'app store committed'])(
    'while it installs (%s) leaves nothing that the next verb does not take away',
    async moment => {
      const cwd = await prepared()
      await die(cwd, 'offering install crash', moment)
      expect(deedsOf(cwd)).toEqual([{ kind: 'offering-install' }])
      expect(await succeed(cwd, 'offering list --installed')).not.toContain('crash')
      expect(await succeed(cwd, 'offering install crash')).toBe('crash\tdone\tapp/crash.axiom\n')
      expect(readdirSync(join(cwd, 'site.axiom/files/app'))).toEqual(['crash.axiom', 'mantissa-base.axiom'])
      expect(deedsOf(cwd)).toEqual([])
    },
  )

  it.each(['powerup stored', 'powerup installed'])('while it endows (%s) has endowed nobody', async moment => {
    const cwd = await prepared('offering install crash')
    await die(cwd, 'offering endow a@example.com crash', moment)
    expect(await usersOf(cwd)).toBe(0)
    expect(await succeed(cwd, 'offering endow a@example.com crash')).toContain('done')
    expect(await usersOf(cwd)).toBe(1)
    expect(deedsOf(cwd)).toEqual([])
  })

  it('when the user store had committed has endowed, and the next verb makes the site say so', async () => {
    const cwd = await prepared('offering install crash')
    await die(cwd, 'offering endow a@example.com crash', 'user store committed')
    expect(await succeed(cwd, 'offering add-source crash')).toContain('already')
    expect(await usersOf(cwd)).toBe(1)
    expect(deedsOf(cwd)).toEqual([])
    expect(await succeed(cwd, 'offering endow a@example.com crash')).toContain('already')
  })

  it('while it deprives has deprived nobody', async () => {
    const cwd = await prepared('offering install crash', 'offering endow a@example.com crash')
    await die(cwd, 'offering deprive a@example.com crash', 'powerup uninstalled')
    expect(await succeed(cwd, 'offering deprive a@example.com crash')).toContain('done')
    expect(await usersOf(cwd)).toBe(0)
    expect(deedsOf(cwd)).toEqual([])
  })
})
