import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cloneFixture } from '../support/fixtures.js'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

it('Ctrl-C while something is awaited ends with 130 and leaves nothing half-made', async () => {
  const cwd = temporaryDirectory()
  const waiting = 'create-site new.axiom --admin admin@example.com --password-file -'
  const { code, out, err } = await mantissa(waiting, {
    cwd,
    keepsStdinOpen: true,
    // More than a pipe holds: all of it is written only when the program reads.
    started: child => child.stdin?.write(' '.repeat(2 ** 20), () => child.kill('SIGINT')),
  })
  expect(err).toBe('\ninterrupted\n')
  expect(out).toBe('')
  expect(code).toBe(130)
  expect(existsSync(join(cwd, 'new.axiom'))).toBe(false)
})

/** Whether the process hears Ctrl-C itself, instead of ending at it. */
function hearsInterrupt({ pid }: ChildProcess): boolean {
  const [, caught] = /^SigCgt:\t([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return (BigInt(`0x${caught}`) & (1n << BigInt(constants.signals.SIGINT - 1))) !== 0n
}

/** The program hears Ctrl-C from its start, and no more while a statement runs. */
function interruptStatement(child: ChildProcess): void {
  const interruptSoon = (after: number) => setTimeout(() => child.kill('SIGINT'), after)
  if (!existsSync('/proc/self/status')) return void interruptSoon(1500)
  let heard = false
  const polling = setInterval(() => {
    const hears = hearsInterrupt(child)
    if (heard && !hears) {
      clearInterval(polling)
      interruptSoon(300)
    }
    heard ||= hears
  }, 20)
  child.once('exit', () => clearInterval(polling))
}

const ENDLESS = 'WITH RECURSIVE endless(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM endless)'

it.each([
  ['a statement of SQLite that never comes back', ['sql', `${ENDLESS} SELECT count(*) FROM endless`]],
  ['rows without end', ['sql', `${ENDLESS} SELECT x FROM endless`]],
  [
    'a change that never comes to its end',
    ['sql', '--write', '--yes', `UPDATE item_login_v3 SET disabled = (${ENDLESS} SELECT count(*) FROM endless)`],
  ],
])('Ctrl-C stops %s', { timeout: 60_000 }, async (_what, verb) => {
  const directory = cloneFixture('divmod-site.axiom')
  const at = ['--site', directory]
  const { signal } = await mantissa([...verb, ...at], {
    cwd: directory,
    started: interruptStatement,
  })
  expect(signal).toBe('SIGINT')
  const { out } = await mantissa(['sql', 'SELECT sum(disabled) FROM item_login_v3', ...at], { cwd: directory })
  expect(out).toBe('1\n')
})

it('Ctrl-C stops a list in the middle, though nothing but its output is waited for', { timeout: 60_000 }, async () => {
  const directory = cloneFixture('divmod-site.axiom')
  const at = ['--site', directory]
  const fill = `${ENDLESS} INSERT INTO item_login_method_v2 (oid, protocol) SELECT x + 1000, 'x' FROM endless LIMIT 500000`
  expect(await mantissa(['sql', '--write', '--yes', fill, ...at], { cwd: directory })).toMatchObject({ code: 0 })
  const { code, out, err } = await mantissa(['items', 'login_method', ...at], {
    cwd: directory,
    started: child => child.stdout?.once('data', () => child.kill('SIGINT')),
  })
  expect([code, err]).toEqual([130, '\ninterrupted\n'])
  expect(out.split('\n').length).toBeLessThan(400_000)
})

it('browse says so when its code waits for what can never come', async () => {
  const directory = cloneFixture('divmod-site.axiom')
  const code = 'store.findFirst(LoginMethod).localpart = "gone"; new Promise(() => {})'
  const verb = ['browse', '--write', '--eval', code, '--site', directory]
  const { code: exit, err } = await mantissa(verb, { cwd: directory })
  expect([exit, err]).toEqual([1, expect.stringMatching(/^error: what is waited for can never come.*\ntry: .*\n$/)])
  const { out } = await mantissa(['items', 'login_method', '--where', 'localpart=gone', '--site', directory], {
    cwd: directory,
  })
  expect(out).toBe('')
})

it('without a terminal nothing is asked: the error names the option that answers', async () => {
  const cwd = temporaryDirectory()
  const asking = 'create-site new.axiom --admin admin@example.com'
  const { code, err } = await mantissa(asking, { cwd })
  expect(err).toContain('error: there is no terminal to ask on')
  expect(err).toContain('try: give --password-file <path> or --generate')
  expect(code).toBe(2)
  expect(existsSync(join(cwd, 'new.axiom'))).toBe(false)
})

/** A second Ctrl-C ends the process wherever it is. */
function killOnce(child: ChildProcess, signal: NodeJS.Signals, polling: NodeJS.Timeout | undefined): void {
  clearInterval(polling)
  child.kill(signal)
}

describe('an export of 60 MiB', () => {
  const variables = { MANTISSA_SITE: 'site.axiom' }

  async function exportStoppedBy(signal: NodeJS.Signals, verb: string) {
    const cwd = temporaryDirectory()
    for (const line of ['create-site site.axiom', 'useradd alice@example.com --passwordless'])
      expect(await mantissa(line, { cwd, variables })).toMatchObject({ code: 0 })
    const files = join(cwd, 'site.axiom/files/account/example.com/alice.axiom/files')
    writeFileSync(join(files, 'large'), randomBytes(60 * 2 ** 20))
    let polling: NodeJS.Timeout | undefined
    const stopped = await mantissa(verb, {
      cwd,
      variables,
      started: child => {
        polling = setInterval(() => {
          if (readdirSync(cwd).some(name => name.startsWith('.alice'))) killOnce(child, signal, polling)
        }, 5)
      },
    })
    clearInterval(polling)
    return { cwd, stopped }
  }

  const EXPORT = 'export-user alice@example.com alice.tar.gz'
  const USERDEL = 'userdel alice@example.com --confirm alice@example.com --archive alice.tar.gz'

  it.each([EXPORT, USERDEL])('that was killed leaves nothing once the site was opened again: %s', async verb => {
    const { cwd, stopped } = await exportStoppedBy('SIGKILL', verb)
    expect(stopped.signal).toBe('SIGKILL')
    expect(await mantissa('usermod alice@example.com --disable', { cwd, variables })).toMatchObject({ code: 0 })
    expect(readdirSync(cwd)).toEqual(['site.axiom'])
    expect(readdirSync(join(cwd, 'site.axiom/temp'))).toEqual([])
  })

  it.each([EXPORT, USERDEL])('ends at Ctrl-C, says what happens and leaves nothing: %s', async verb => {
    const { cwd, stopped } = await exportStoppedBy('SIGINT', verb)
    expect(stopped).toMatchObject({ code: 130, err: expect.stringMatching(/stopping: the (?:user|account) stays/) })
    expect(readdirSync(cwd)).toEqual(['site.axiom'])
    expect(readdirSync(join(cwd, 'site.axiom/temp'))).toEqual([])
    expect(await mantissa('usermod alice@example.com --disable', { cwd, variables })).toMatchObject({ code: 0 })
  })
})

describe('an import of 60 MiB', () => {
  const variables = { MANTISSA_SITE: 'site.axiom' }

  async function importStoppedBy(signal: NodeJS.Signals) {
    const cwd = temporaryDirectory()
    for (const line of ['create-site site.axiom', 'useradd alice@example.com --passwordless'])
      expect(await mantissa(line, { cwd, variables })).toMatchObject({ code: 0 })
    const files = join(cwd, 'site.axiom/files/account/example.com/alice.axiom/files')
    writeFileSync(join(files, 'large'), randomBytes(60 * 2 ** 20))
    const leaving = 'export-user alice@example.com alice.tar.gz --remove --yes'
    expect(await mantissa(leaving, { cwd, variables })).toMatchObject({ code: 0 })
    const temporary = join(cwd, 'site.axiom/temp')
    let polling: NodeJS.Timeout | undefined
    const stopped = await mantissa('import-user alice.tar.gz', {
      cwd,
      variables,
      started: child => {
        polling = setInterval(() => {
          if (readdirSync(temporary).some(name => name.startsWith('incoming-'))) killOnce(child, signal, polling)
        }, 5)
      },
    })
    clearInterval(polling)
    return { cwd, stopped, left: () => readdirSync(temporary).filter(name => !name.startsWith('moved-')) }
  }

  it('ends at Ctrl-C, says what happens and leaves nothing', async () => {
    const { cwd, stopped, left } = await importStoppedBy('SIGINT')
    expect(stopped).toMatchObject({ code: 130, err: expect.stringMatching(/stopping: nothing will be imported/) })
    expect(left()).toEqual([])
    expect(await mantissa('import-user alice.tar.gz', { cwd, variables })).toMatchObject({ code: 0 })
  })

  it('that was killed leaves nothing once the site was opened again', async () => {
    const { cwd, stopped, left } = await importStoppedBy('SIGKILL')
    expect(stopped.signal).toBe('SIGKILL')
    expect(await mantissa('import-user alice.tar.gz', { cwd, variables })).toMatchObject({ code: 0 })
    expect(left()).toEqual([])
  })
})
