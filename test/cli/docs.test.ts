import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { EXIT_CODES } from '../../src/cli/exit-codes.js'

const read = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), 'utf8')

it('the page on exit codes has the table of the program', () => {
  const rows = [...read('exit-codes.md').matchAll(/^\| (\d+) \| (\S+) \| (.*) \|$/gm)]
  expect(rows.map(([, code, name, meaning]) => ({ code: Number(code), name, meaning }))).toEqual(
    EXIT_CODES.map(({ code, name, meaning }) => ({ code, name, meaning })),
  )
})
