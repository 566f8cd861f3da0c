import { describe, expect, it } from 'vitest'
import { cloneFixture } from '../support/fixtures.js'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { converse, hasScript } from '../support/terminal.js'

const variables = { MANTISSA_SITE: 'site.axiom' }

async function directoryWith(...commands: readonly string[]): Promise<string> {
  const cwd = temporaryDirectory()
  for (const command of ['create-site site.axiom', ...commands]) {
    const { code, err } = await mantissa(command, { cwd, variables })
    expect(code, err).toBe(0)
  }
  return cwd
}

/** One statement a line, and no line break written as an escape. */
function expectLines(screen: string, ...lines: readonly RegExp[]): void {
  expect(screen).not.toContain('\\n')
  const seen = screen.trim().split(/\r?\n/)
  expect(seen).toEqual(lines.map(line => expect.stringMatching(line)))
}

describe.runIf(hasScript)('on a terminal', { timeout: 60_000 }, () => {
  it('what a deed came to is told in whole lines', async () => {
    const cwd = await directoryWith(
      'useradd alice@example.com --passwordless',
      'login-method add alice@example.com al@example.com',
      'useradd bob@example.com --passwordless',
      'create-site other.axiom',
    )
    const moved = await converse('transfer-user alice@example.com --to other.axiom', { cwd, variables })
    expectLines(
      moved.screen,
      /^moved alice@example\.com \(and 1 more name\) to .*other\.axiom: .*, 0 files, writes refused for \d/,
      /^the old store is kept in .*temp\/moved-/,
    )
    const exported = await converse('export-user bob@example.com bob.tar.gz --remove --yes', { cwd, variables })
    expectLines(exported.screen, /^exported bob@example\.com to /, /has left this site/, /^to get the user back: /)
    expect((await mantissa('import-user bob.tar.gz', { cwd, variables })).code).toBe(0)
    const removed = await converse('userdel bob@example.com --confirm bob@example.com', { cwd, variables })
    expectLines(removed.screen, /^removed bob@example\.com; its store is in .*\.tar\.gz$/)
  })

  it.each([80, 100])('a list of moves keeps ids and states whole in %i columns', async columns => {
    const cwd = await directoryWith()
    const site = cloneFixture('divmod-site.axiom')
    const moved = await mantissa(`transfer-user carol@example.net --site ${site} --to site.axiom`, { cwd })
    expect(moved.code, moved.err).toBe(0)
    const { screen } = await converse('transfer list', { cwd, variables, columns })
    expect(screen).toMatch(/^[0-9A-Z]{26} {2}carol@\S+ +CLOSED .*from /m)
    expect(screen).not.toMatch(/\.\d{6}Z/)
  })
})
