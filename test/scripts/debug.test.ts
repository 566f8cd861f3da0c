import { expect, it } from 'vitest'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

it('--debug tells every SQL statement on standard error, and no value of any', async () => {
  const cwd = temporaryDirectory()
  const making = 'create-site new.axiom --admin admin@example.com --password-file - --debug --json'
  const { code, out, err } = await mantissa(making, { cwd, stdin: 'a-password\n' })
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ status: 'done' })
  expect(err).toContain(`sql ${cwd}/new.axiom: INSERT INTO `)
  expect(err).not.toMatch(/\$argon2|a-password|admin@example\.com/)
})

it('--debug shows where an error was thrown', async () => {
  const { code, err } = await mantissa('users --site nowhere.axiom --debug', { cwd: temporaryDirectory() })
  expect(code).toBe(3)
  expect(err).toMatch(/^error: .*\ntry: .*\n[\s\S]*\n {4}at /)
})
