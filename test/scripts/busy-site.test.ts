import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openElsewhere } from '../store-engine/other-process.js'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const VERBS = [
  'useradd bob@example.com --passwordless',
  'usermod alice@example.com --disable',
  'passwd alice@example.com --password-file password',
  'login-method add alice@example.com al@example.com',
]

async function siteWithAlice(): Promise<{ cwd: string; run: (line: string) => ReturnType<typeof mantissa> }> {
  const cwd = temporaryDirectory()
  writeFileSync(join(cwd, 'password'), 'correct horse battery')
  const run = (line: string) => mantissa(line, { cwd, variables: { MANTISSA_SITE: 'site.axiom' } })
  for (const line of ['create-site site.axiom --hostname example.com', 'useradd alice@example.com --passwordless'])
    expect(await run(line)).toMatchObject({ code: 0 })
  return { cwd, run }
}

describe('verbs on a site in which another process writes', () => {
  it('wait for it, all of them at once', async () => {
    const { cwd, run } = await siteWithAlice()
    const other = await openElsewhere(join(cwd, 'site.axiom'))
    await other.ask('BEGIN IMMEDIATE')
    const finished = Promise.all(VERBS.map(run))
    await new Promise(resolve => setTimeout(resolve, 1500))
    await other.ask('COMMIT')
    for (const each of await finished) expect(each).toMatchObject({ code: 0, err: '' })
    const { out } = await run('user al@example.com --json')
    expect(JSON.parse(out)).toMatchObject({ address: 'alice@example.com', disabled: true, password: true })
    expect(await run('user bob@example.com')).toMatchObject({ code: 0 })
  }, 60_000)

  it('give up after five seconds and name who holds the store; the same verbs succeed later', async () => {
    await Promise.all([
      giveUp('site.axiom', VERBS, 7),
      // Pending: the site says already what has to be copied to the store of the user.
      giveUp('site.axiom/files/account/example.com/alice.axiom', VERBS.slice(1), 8),
    ])
  }, 60_000)
})

async function giveUp(held: string, lines: readonly string[], expected: number): Promise<void> {
  const { cwd, run } = await siteWithAlice()
  const other = await openElsewhere(join(cwd, held))
  await other.ask('BEGIN IMMEDIATE')
  const began = performance.now()
  for (const { code, err } of await Promise.all(lines.map(run))) {
    expect(err).toMatch(new RegExp(`^error: .*${held} is busy: held by .*\\(pid ${other.pid}\\)`))
    expect(err).not.toMatch(/database is locked/)
    expect(code).toBe(expected)
  }
  expect(performance.now() - began).toBeGreaterThan(5000)
  await other.ask('COMMIT')
  for (const line of lines) expect(await run(line)).toMatchObject({ code: 0 })
  const { out } = await run('user al@example.com --json')
  expect(JSON.parse(out)).toMatchObject({ address: 'alice@example.com', disabled: true, password: true })
}
