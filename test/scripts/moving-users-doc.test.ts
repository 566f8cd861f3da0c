import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { EXPLANATIONS } from '../../src/cli/explanations.js'
import { PROTOCOL } from '../../src/transfer/protocol/protocol.js'
import { runShown, shownCommands } from '../support/console-blocks.js'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const page = readFileSync(join(import.meta.dirname, '../../docs/moving-users.md'), 'utf8')
const VERBS = ['transfer-user', 'export-user', 'import-user', 'users', 'useradd', 'transfer purge', 'transfer list']
const STATES: readonly string[] = PROTOCOL.flatMap(({ from, to }) => [to, ...from.filter(state => state !== null)])

it('has every step of the protocol in its table, in order', () => {
  const steps = [...page.matchAll(/^\| `([a-z-]+)` \| (source|target) \|/gm)].map(([, name, side]) => ({ name, side }))
  expect(steps).toEqual(PROTOCOL.map(({ name, side }) => ({ name, side })))
})

it('names no code without an explanation', () => {
  const codes = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, code = '']) => code)
  expect(codes.length).toBeGreaterThan(40)
  expect(codes.filter(code => EXPLANATIONS[code] === undefined && !STATES.includes(code))).toEqual([])
})

it('names no option and no verb that is not there', { timeout: 60_000 }, async () => {
  const cwd = temporaryDirectory()
  const helps = await Promise.all(
    [['--help'], ...VERBS.map(verb => [...verb.split(' '), '--help'])].map(words => mantissa(words.join(' '), { cwd })),
  )
  const known = helps.map(({ out }) => out).join('\n')
  const options = new Set(page.match(/(?<=[ `])--[a-z][a-z-]+/g))
  expect(
    [...options].filter(option => !['--passwordless', '--hostname'].includes(option) && !known.includes(option)),
  ).toEqual([])
  const verbs = new Set(
    [...page.matchAll(/mantissa ((?:transfer |offering )?[a-z][a-z-]+)/g)].map(([, verb = '']) => verb),
  )
  for (const verb of verbs) expect(await mantissa(`${verb} --help`, { cwd })).toMatchObject({ code: 0 })
})

/** The same on every run: transfers and days are not. */
function masked(text: string): string {
  return text.replace(/\b01[0-9A-Z]{24}\b/g, '<id>').replace(/\d{4}-\d\d-\d\d(T[\d:.]+Z)?/g, '<day>')
}

/** The cells of what a terminal shows that a pipe gets as well; sizes and times are written otherwise there. */
function factsOf(line: string): string[] {
  if (/^(error|try): \S/.test(line)) return [line]
  if (!line.includes('  ') || line === line.toUpperCase()) return []
  const [first = '', ...rest] = line.split(/\s{2,}/)
  const cells = first.endsWith(':') ? rest : [first, ...rest]
  return cells.filter(cell => cell !== '-' && !/ (KiB|B|ms)$/.test(cell) && !cell.includes(': '))
}

it('its commands do what it shows', { timeout: 120_000 }, () => {
  const cwd = temporaryDirectory()
  const commands = shownCommands(page)
  expect(commands.length).toBeGreaterThan(14)
  for (const { command, output } of commands) {
    const { status, stdout, stderr } = runShown(command, cwd)
    const fails = output.some(line => /^error: \S/.test(line))
    expect(`${command}: ${status === 0 ? 'done' : 'failed'} ${stderr}`).toContain(fails ? ': failed' : ': done')
    const printed = masked(`${stdout}${stderr}`.replaceAll(`${cwd}/`, ''))
    for (const fact of output.flatMap(factsOf)) expect(printed).toContain(masked(fact).replaceAll('/srv/', ''))
  }
})
