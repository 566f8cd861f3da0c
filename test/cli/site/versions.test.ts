import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { runProgram } from '../../../src/cli/run-program.js'
import { createSite } from '../../../src/offerings/create-site.js'
import { Timestamp } from '../../../src/store-engine/attributes/timestamp.js'
import { Store } from '../../../src/store-engine/store.js'
import { recordSystemVersion } from '../../../src/store-engine/versions/record-system-version.js'
import { fakeEnv } from '../../support/fake-env.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'))
const running = [
  { package: 'mantissa', version: manifest.version },
  { package: 'mantissa-base', version: '1.0.0' },
]

let directory: string

beforeEach(async () => {
  directory = join(temporaryDirectory(), 'site.axiom')
  await createSite(directory)
})

function record(time: string, software: Record<string, string>): void {
  using store = Store.open(directory)
  const packages = Object.entries(software).map(([name, version]) => ({ package: name, version }))
  recordSystemVersion(store, packages, Timestamp.parse(time))
}

async function run(...words: string[]): Promise<string> {
  const env = fakeEnv()
  const code = await runProgram([...words, '--site', directory], env)
  expect(`${code} ${env.stderr.text}`).toBe('0 ')
  return env.stdout.text
}

describe('versions', () => {
  it('shows what runs, then what was recorded, newest first', async () => {
    record('2008-05-01T12:00:00.500Z', { axiom: '0.5.31' })
    record('2013-01-07T00:00:00Z', { axiom: '0.7.0', mantissa: '0.7.0' })
    expect(JSON.parse(await run('versions', '--json'))).toEqual([
      { status: 'running', recorded: null, software: running },
      {
        status: 'recorded',
        recorded: '2013-01-07T00:00:00.000000Z',
        software: [
          { package: 'axiom', version: '0.7.0' },
          { package: 'mantissa', version: '0.7.0' },
        ],
      },
      {
        status: 'recorded',
        recorded: '2008-05-01T12:00:00.500000Z',
        software: [{ package: 'axiom', version: '0.5.31' }],
      },
    ])
    expect((await run('versions')).split('\n')[1]).toBe(
      'recorded\t2013-01-07T00:00:00.000000Z\taxiom 0.7.0, mantissa 0.7.0',
    )
  })

  it('looking records nothing', async () => {
    using store = Store.open(directory)
    const before = store.typesOnDisk().map(({ typeName }) => typeName)
    await run('versions')
    await run('list-version')
    expect(store.typesOnDisk().map(({ typeName }) => typeName)).toEqual(before)
    expect(before.join()).not.toContain('listversions')
  })
})

describe('list-version', () => {
  it('behaviour 69: shows `axiom: <version>` in the words of the original', async () => {
    record('2008-05-01T12:00:00.500Z', { axiom: '0.5.31' })
    record('2020-10-20T10:10:10Z', { axiom: '0.9.0', mantissa: '0.9.0' })
    expect(await run('list-version')).toBe(
      '<SystemVersion 2020-10-20T10:10:10+00:00>\n' +
        '\t<SoftwareVersion axiom: 0.9.0>\n\t<SoftwareVersion mantissa: 0.9.0>\n' +
        '<SystemVersion 2008-05-01T12:00:00.5+00:00>\n\t<SoftwareVersion axiom: 0.5.31>\n',
    )
  })

  it('prints nothing where nothing was recorded, and no control characters of a stranger', async () => {
    expect(await run('list-version')).toBe('')
    record('2020-01-01T00:00:00Z', { 'a\nb': '\u001b[31m1' })
    expect(await run('list-version')).toContain('\t<SoftwareVersion a\\nb: \\x1b[31m1>\n')
  })
})
