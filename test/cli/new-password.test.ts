import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { existingPassword, newPassword } from '../../src/cli/new-password.js'
import { fakeContext } from '../support/fake-context.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const alice = 'alice@example.com'

it('is asked for twice', async () => {
  const context = fakeContext({}, { terminal: true, answers: ['pw', 'pw'] })
  expect(await newPassword(context, {}, alice)).toEqual({ text: 'pw', generated: false })
  expect(context.env.prompts.questions).toEqual([`New password for ${alice}:`, 'The same again:'])
})

it('is asked for again when the two differ, three times at most', async () => {
  const context = fakeContext({}, { terminal: true, answers: ['a', 'b', 'pw', 'pw'] })
  expect((await newPassword(context, {}, alice)).text).toBe('pw')
  const clumsy = fakeContext({}, { terminal: true, answers: ['a', 'b', 'c', 'd', 'e', 'f'] })
  await expect(newPassword(clumsy, {}, alice)).rejects.toThrow('differed three times')
})

it('needs a terminal, or the error names the options that do without', async () => {
  await expect(newPassword(fakeContext(), {}, alice)).rejects.toMatchObject({
    code: 'INPUT_NEEDED',
    hint: 'give --password-file <path> or --generate',
  })
})

it('is read from a file: its first line, nothing trimmed but the line break', async () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'pw'), ' with spaces \r\nsecond line\n')
  const context = fakeContext({}, { currentDirectory: directory })
  expect((await newPassword(context, { passwordFile: 'pw' }, alice)).text).toBe(' with spaces ')
})

it('is read from standard input with "-"', async () => {
  const context = fakeContext({}, { stdin: 'from stdin\n' })
  expect((await newPassword(context, { passwordFile: '-' }, alice)).text).toBe('from stdin')
  expect(await existingPassword(fakeContext({}, { stdin: 'old' }), { passwordFile: '-' }, alice)).toBe('old')
})

it('is generated: long, printable, never the same', async () => {
  const made = await Promise.all([1, 2].map(() => newPassword(fakeContext(), { generate: true }, alice)))
  expect(made[0]?.text).toMatch(/^[a-zA-Z2-9]{20}$/)
  expect(made[0]?.text).not.toBe(made[1]?.text)
  expect(made[0]?.generated).toBe(true)
})

it('is never empty', async () => {
  await expect(newPassword(fakeContext({}, { stdin: '\n' }), { passwordFile: '-' }, alice)).rejects.toThrow('is empty')
})

it('names a file that cannot be read', async () => {
  const context = fakeContext({}, { currentDirectory: temporaryDirectory() })
  await expect(newPassword(context, { passwordFile: 'missing' }, alice)).rejects.toMatchObject({
    code: 'PASSWORD_FILE',
  })
})

it('comes from one source only', async () => {
  await expect(newPassword(fakeContext(), { generate: true, passwordFile: '-' }, alice)).rejects.toThrow(
    'exclude each other',
  )
})

it.each([
  ['a wrong file', 'x'.repeat(1025), 'more than 1024 bytes'],
  ['a binary file', 'p\0w', 'control character'],
])('is not %s', async (_what, stdin, message) => {
  await expect(newPassword(fakeContext({}, { stdin }), { passwordFile: '-' }, alice)).rejects.toThrow(message)
})
