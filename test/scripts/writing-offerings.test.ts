import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const page = readFileSync(join(import.meta.dirname, '../../docs/writing-offerings.md'), 'utf8')

function block(language: string): string {
  const [, text] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(page) ?? []
  if (text === undefined) throw new Error(`the page has no block of ${language}`)
  return text
}

it('the example of docs/writing-offerings.md works as it stands', async () => {
  const cwd = temporaryDirectory()
  mkdirSync(join(cwd, 'mantissa-polls/dist'), { recursive: true, mode: 0o755 })
  writeFileSync(join(cwd, 'mantissa-polls/package.json'), block('json'), { mode: 0o644 })
  writeFileSync(join(cwd, 'mantissa-polls/dist/offerings.js'), block('ts'), { mode: 0o644 })
  const commands = block('console').trimEnd().split('\n')
  expect(commands).toHaveLength(5)
  for (const line of commands) {
    const { code, err } = await mantissa(line.replace('$ mantissa ', ''), { cwd })
    expect(`${line}: ${code} ${err}`).toMatch(/: 0 /)
  }
})
