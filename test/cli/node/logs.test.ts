import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type LogsOptions, runLogs } from '../../../src/cli/commands/node/logs.js'
import { Store } from '../../../src/store-engine/store.js'
import { type FakeContext, fakeContext } from '../../support/fake-context.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

const LINES = [
  { time: '2026-01-31T09:30:00.000Z', level: 'info', msg: 'a service runs', service: 'port 5', address: '[::]:8080' },
  { time: '2026-01-31T09:30:01.000Z', level: 'warn', msg: 'from \u001b[31ma stranger', service: 'web' },
  { time: '2026-01-31T09:30:02.000Z', level: 'error', msg: 'failed', err: { message: 'busy', code: 'EADDRINUSE' } },
]

/** A store with that log. */
function siteWith(log: string): string {
  const site = join(temporaryDirectory(), 'site.axiom')
  Store.create(site).close()
  mkdirSync(join(site, 'run', 'logs'), { recursive: true })
  writeFileSync(join(site, 'run', 'logs', 'mantissa.log'), log)
  return site
}

const written = `${LINES.map(line => JSON.stringify(line)).join('\n')}\n`

async function shown(log: string, options: LogsOptions, context: Partial<FakeContext['options']>, terminal = false) {
  const fake = fakeContext({ site: siteWith(log), ...context }, { terminal, variables: { NO_COLOR: '1' } })
  await runLogs(options, fake)
  return fake.env
}

describe('logs', () => {
  it('are lines for a person, in which nobody else can write on the terminal', async () => {
    expect((await shown(written, {}, {}, true)).stdout.text).toBe(
      [
        '2026-01-31 09:30:00 info  a service runs (port 5) address=[::]:8080\n',
        '2026-01-31 09:30:01 warn  from \\x1b[31ma stranger (web)\n',
        '2026-01-31 09:30:02 error failed busy [EADDRINUSE]\n',
      ].join(''),
    )
  })

  it('are objects for a program, with every fact', async () => {
    const { stdout } = await shown(written, { lines: 1 }, { jsonl: true })
    expect(JSON.parse(stdout.text)).toEqual({
      time: '2026-01-31T09:30:02.000Z',
      level: 'error',
      msg: 'failed',
      service: null,
      facts: { err: { message: 'busy', code: 'EADDRINUSE' } },
    })
  })

  it('are shown from a level on', async () => {
    const { stdout } = await shown(written, { level: 'warn' }, { json: true })
    expect((JSON.parse(stdout.text) as { level: string }[]).map(({ level }) => level)).toEqual(['warn', 'error'])
  })

  it('show a line that is none of ours as it is, and an empty log as nothing', async () => {
    expect((await shown('Segmentation fault\n[1]\n', {}, {})).stdout.text).toBe(
      '\t\tSegmentation fault\t\t\n\t\t[1]\t\t\n',
    )
    expect((await shown('', {}, { json: true })).stdout.text).toBe('[]\n')
  })

  it('cannot be followed in one document', async () => {
    await expect(shown(written, { follow: true }, { json: true })).rejects.toMatchObject({ code: 'USAGE' })
  })
})
