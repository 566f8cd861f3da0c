import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../../../src/cli/run-program.js'
import { Store } from '../../../src/store-engine/store.js'
import { helpOf } from '../../support/every-verb.js'
import { fakeEnv } from '../../support/fake-env.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

describe('start', () => {
  it('behaviour 65: its help lists what a server is told, and no other verbs', async () => {
    const help = await helpOf('start')
    for (const option of ['--detach', '--log-file', '--pid-file', '--admin', '--strict']) expect(help).toContain(option)
    expect(help).not.toMatch(/\buseradd\b|\boffering install\b/)
  })

  it.each([
    ['a node in the background that would log to a terminal', ['--detach', '--log-file=-']],
    ['an administration endpoint that is none', ['--admin=somewhere']],
    ['no open stores', ['--keep-open=0']],
    ['a level that is none', ['--log-level=loud']],
    ['a time that is none', ['--timeout=soon']],
  ])('refuses %s, and starts nothing', async (_what, words) => {
    const site = join(temporaryDirectory(), 'site.axiom')
    Store.create(site).close()
    expect(await runProgram(['start', '--site', site, ...words], fakeEnv())).toBe(2)
    expect(['control', 'locks', 'logs'].filter(name => existsSync(join(site, 'run', name)))).toEqual([])
  })

  it.each(['start', 'stop', 'status', 'logs'])('%s says where there is no site, and makes nothing', async verb => {
    const site = join(temporaryDirectory(), 'nowhere.axiom')
    const env = fakeEnv()
    expect(await runProgram([verb, '--site', site], env)).toBe(3)
    expect(env.stderr.text).toContain('is not a store')
    expect(existsSync(site)).toBe(false)
  })
})
