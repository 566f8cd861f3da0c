import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const bin = fileURLToPath(new URL('../../bin/mantissa.js', import.meta.url))

/** Runs a line of sh in which "$M" is the program. */
function shell(line: string, variables: Readonly<Record<string, string>> = {}) {
  return spawnSync('sh', ['-c', line], {
    cwd: temporaryDirectory(),
    encoding: 'utf8',
    env: { PATH: process.env.PATH, M: `${process.execPath} ${bin}`, ...variables },
  })
}

/** Runs the program on a terminal of its own, made by script(1). */
function onTerminal(words: string, variables: Readonly<Record<string, string>> = {}) {
  const { stdout } = shell(`stty_line='stty cols '"\${COLUMNS:-80}"; script -qec "$stty_line; $M ${words}" /dev/null`, {
    TERM: 'xterm',
    ...variables,
  })
  return stdout.replaceAll('\r\n', '\n')
}

const hasScript = spawnSync('script', ['--version']).status === 0

describe('in a pipe', () => {
  it('prints tab-separated lines without a header and without colour', async () => {
    const { out } = await mantissa('explain', { cwd: temporaryDirectory(), variables: { FORCE_COLOR: '1' } })
    const lines = out.trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(20)
    expect(lines.every(line => line.split('\t').length === 2)).toBe(true)
    expect(out).not.toContain('\u001b')
  })

  it('is silent when the reader goes away', () => {
    const { stderr, stdout } = shell('{ $M explain; echo "status $?" >&2; } | head -n 1')
    expect(stderr).toBe('status 0\n')
    expect(stdout.split('\n')).toHaveLength(2)
  })

  it('is silent when the reader of a long result goes away', () => {
    const { stderr } = shell('{ $M completion fish; echo "status $?" >&2; } | true')
    expect(stderr).toBe('status 0\n')
  })

  it('colours errors only when it is forced to', async () => {
    const cwd = temporaryDirectory()
    expect((await mantissa('explian', { cwd })).err).not.toContain('\u001b')
    expect((await mantissa('explian', { cwd, variables: { FORCE_COLOR: '1' } })).err).toContain('\u001b')
    expect((await mantissa('explian', { cwd, variables: { FORCE_COLOR: '1', NO_COLOR: '1' } })).err).not.toContain(
      '\u001b',
    )
  })

  it('fails when the output cannot be written', () => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(process.execPath, [bin, 'explain'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    })
    closeSync(full)
    expect(stderr).toContain('the output cannot be written')
    expect(status).toBe(7)
  })
})

describe.runIf(hasScript)('on a terminal', () => {
  it('prints a table with headings', () => {
    expect(onTerminal('explain --no-color')).toMatch(/^CODE {2,}MEANING\n/)
  })

  it('uses colour, unless NO_COLOR, TERM=dumb or --no-color say otherwise', () => {
    expect(onTerminal('explain')).toContain('\u001b[1m')
    expect(onTerminal('explain', { NO_COLOR: '1' })).not.toContain('\u001b')
    expect(onTerminal('explain', { TERM: 'dumb' })).not.toContain('\u001b')
    expect(onTerminal('explain --no-color')).not.toContain('\u001b')
  })

  it('prints what a pipe gets with --plain', async () => {
    const { out } = await mantissa('explain', { cwd: temporaryDirectory() })
    expect(onTerminal('explain --plain')).toBe(out)
  })

  it.each(['explain', 'help exit-codes', '--help', 'explain --help', 'help'])('%s fits into 40 columns', words => {
    const lines = onTerminal(words, { NO_COLOR: '1', COLUMNS: '40' }).split('\n')
    const tooLong = lines.filter(line => line.length > 40 && !line.includes('$ mantissa'))
    expect(lines.length).toBeGreaterThan(5)
    expect(tooLong).toEqual([])
  })
})

it('prints ASCII only in its own words', async () => {
  for (const words of ['--help', 'explain', 'help exit-codes', 'completion zsh']) {
    const { out } = await mantissa(words, { cwd: temporaryDirectory(), variables: { LC_ALL: 'C' } })
    expect(out).toMatch(/^[\t\n\x20-\x7e]*$/)
  }
})
