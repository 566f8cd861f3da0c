import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSite } from '../../src/offerings/create-site.js'
import { mantissa } from '../support/mantissa.js'
import { quietPorts, startNodeProcess } from '../support/node-process.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

async function newSite(): Promise<string> {
  const site = join(temporaryDirectory(), 'site.axiom')
  await createSite(site, { hostname: 'example.com' })
  quietPorts(site)
  return site
}

/** What `--json` printed, whatever the exit code. */
function json({ out }: { readonly out: string }): Readonly<Record<string, unknown>> {
  return JSON.parse(out) as Readonly<Record<string, unknown>>
}

describe('a node in the background', () => {
  it('behaviours 62 and 63: starts with its log and pid file at their places, says so, and stops', async () => {
    const site = await newSite()
    const cwd = join(site, '..')
    expect(existsSync(join(site, 'run', 'logs'))).toBe(false)
    const started = await mantissa(['start', '--detach', '--admin', 'off', '--json', '--site', site], { cwd })
    expect(`${started.code} ${started.err}`).toBe('0 ')
    const node = json(started)
    expect(node).toMatchObject({ status: 'running', running: true, ready: true, admin: null })
    expect(readFileSync(join(site, 'run', 'mantissa.pid'), 'utf8')).toBe(`${node['pid']}\n`)
    expect(node['logFile']).toBe(join(site, 'run', 'logs', 'mantissa.log'))
    expect(statSync(String(node['logFile'])).mode & 0o777).toBe(0o600)
    expect(statSync(join(site, 'run', 'control')).mode & 0o777).toBe(0o700)
    expect(statSync(join(site, 'run', 'control', 'node.sock')).mode & 0o777).toBe(0o600)

    const again = await mantissa(['start', '--detach', '--admin', 'off', '--site', site], { cwd })
    expect(again.code).toBe(4)
    expect(again.err).toContain(`process ${node['pid']}`)

    const stopped = await mantissa(['stop', '--json', '--site', site], { cwd })
    expect(json(stopped)).toEqual({ status: 'done', site, pid: node['pid'], killed: false })
    const status = await mantissa(['status', '--json', '--site', site], { cwd })
    expect(status.code).toBe(3)
    expect(json(status)).toMatchObject({ status: 'stopped', running: false, pid: null })
    expect(existsSync(join(site, 'run', 'mantissa.pid'))).toBe(false)
  })
})

describe('a node in the foreground', () => {
  it('serves its ports until SIGTERM, and ends well', async () => {
    const node = await startNodeProcess(await newSite())
    expect((await fetch(`${node.url}/nowhere`)).status).toBe(404)
    expect(await node.end('SIGTERM')).toBe(0)
    expect(node.log().map(({ msg }) => msg)).toContain('the node is ready')
    expect(node.err()).toContain('the node has stopped')
  })
})
