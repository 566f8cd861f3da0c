import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

it('Ctrl-C while something is awaited ends with 130 and leaves nothing half-made', async () => {
  const cwd = temporaryDirectory()
  const waiting = 'create-site new.axiom --admin admin@example.com --password-file -'
  const { code, out, err } = await mantissa(waiting, {
    cwd,
    keepsStdinOpen: true,
    started: child => setTimeout(() => child.kill('SIGINT'), 1500),
  })
  expect(err).toBe('\ninterrupted\n')
  expect(out).toBe('')
  expect(code).toBe(130)
  expect(existsSync(join(cwd, 'new.axiom'))).toBe(false)
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
          if (readdirSync(cwd).some(name => name.startsWith('.alice'))) child.kill(signal)
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
    expect(stopped.err).toMatch(/stopping: the (?:user|account) stays/)
    expect(stopped.code).toBe(130)
    expect(readdirSync(cwd)).toEqual(['site.axiom'])
    expect(readdirSync(join(cwd, 'site.axiom/temp'))).toEqual([])
    expect(await mantissa('usermod alice@example.com --disable', { cwd, variables })).toMatchObject({ code: 0 })
  })
})
