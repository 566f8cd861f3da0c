import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const bin = fileURLToPath(new URL('../../bin/mantissa.js', import.meta.url))
const hasScript = spawnSync('script', ['--version']).status === 0

interface Dialogue {
  readonly cwd: string
  /** What is waited for on the terminal, and what is then typed. */
  readonly turns: readonly (readonly [seen: string, typed: string])[]
  readonly variables?: Readonly<Record<string, string>>
}

/** Runs the program on a terminal made by script(1), and types each answer when its question is seen. */
function converse(
  words: string,
  { cwd, turns, variables }: Dialogue,
): Promise<{ code: number | null; screen: string }> {
  return new Promise(resolve => {
    const line = `stty cols 80; '${process.execPath}' '${bin}' ${words}`
    const terminal = spawn('script', ['-qec', line, '/dev/null'], {
      cwd,
      env: { PATH: process.env.PATH, HOME: cwd, TERM: 'xterm', NO_COLOR: '1', ...variables },
    })
    const left = [...turns]
    let screen = ''
    let unseen = ''
    terminal.stdout.on('data', (chunk: Buffer) => {
      screen += chunk.toString('utf8')
      unseen += chunk.toString('utf8')
      const [next] = left
      if (next === undefined || !unseen.includes(next[0])) return
      left.shift()
      unseen = ''
      terminal.stdin.write(next[1])
    })
    terminal.on('close', code => resolve({ code, screen }))
  })
}

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
