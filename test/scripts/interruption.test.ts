import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
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
