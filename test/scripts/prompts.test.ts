import { describe, expect, it } from 'vitest'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { converse, hasScript } from '../support/terminal.js'

describe.runIf(hasScript)('on a terminal', { timeout: 60_000 }, () => {
  it('a password is asked for twice, never shown, and asked for again when the two differ', async () => {
    const cwd = temporaryDirectory()
    const { code, screen } = await converse('create-site a.axiom --admin admin@example.com', {
      cwd,
      turns: [
        ['New password', 'first-secret\r'],
        ['The same again', 'other-secret\r'],
        ['New password', 'third-secret\r'],
        ['The same again', 'third-secret\r'],
      ],
    })
    expect(screen).toContain('The two differ.')
    expect(screen).toContain('made the site')
    expect(screen).not.toMatch(/secret|toggle/)
    expect(code).toBe(0)
  })

  it('a severe act wants the name typed back', async () => {
    const cwd = temporaryDirectory()
    await mantissa('create-site a.axiom', { cwd })
    await mantissa('useradd alice@example.com --passwordless', { cwd })
    const declined = await converse('userdel alice@example.com', { cwd, turns: [['to confirm:', 'alice\r']] })
    expect(declined.screen).toContain('was not confirmed; nothing was changed')
    expect(declined.code).toBe(2)
    expect((await mantissa('users --json', { cwd })).out).toContain('alice@example.com')
    const confirmed = await converse('userdel alice@example.com', {
      cwd,
      turns: [['to confirm:', 'alice@example.com\r']],
    })
    expect(confirmed.code).toBe(0)
    expect((await mantissa('users --json', { cwd })).out).toBe('[]\n')
  })

  it('Ctrl-C at a question ends with 130 and changes nothing', async () => {
    const cwd = temporaryDirectory()
    const asked = { cwd, turns: [['New password', '\u0003']] } as const
    const { code, screen } = await converse('create-site a.axiom --admin admin@example.com', asked)
    expect(screen).toContain('interrupted')
    expect(code).toBe(130)
  })
})
