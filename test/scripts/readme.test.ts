import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runShown, shownCommands } from '../support/console-blocks.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const root = join(import.meta.dirname, '../..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/**
 * What the page shows of a terminal must be in what a pipe gets: the cells of tables, JSON, errors. Sentences are for
 * terminals only, and the heading of a table too.
 */
function factsOf(line: string): string[] {
  if (/^(error|try): /.test(line)) return [line.replaceAll('/srv/', '')]
  if (/^ *[[{\]]/.test(line)) return line.match(/"[a-z][^"]*"/gi) ?? []
  if (!line.includes('   ') || line === line.toUpperCase()) return []
  return line.split(/\s{2,}/)
}

it('the commands of the README do what it shows', { timeout: 60_000 }, () => {
  const cwd = temporaryDirectory()
  mkdirSync(join(cwd, 'fixtures'))
  cpSync(join(root, 'fixtures/divmod-site.axiom.tar.gz'), join(cwd, 'fixtures/divmod-site.axiom.tar.gz'))
  const commands = shownCommands(readme)
  expect(commands.length).toBeGreaterThan(8)
  for (const { command, output } of commands) {
    const { status, stdout, stderr } = runShown(command, cwd)
    const fails = output.some(line => line.startsWith('error: '))
    expect(`${command}: ${status === 0 ? 'done' : 'failed'} ${stderr}`).toContain(fails ? ': failed' : ': done')
    const printed = `${command}\n${stdout}${stderr}`.replaceAll(`${cwd}/`, '')
    for (const fact of output.flatMap(factsOf)) expect(printed).toContain(fact)
  }
})
