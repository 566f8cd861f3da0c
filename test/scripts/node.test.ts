import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSite } from '../../src/offerings/create-site.js'
import { TcpPort } from '../../src/offerings/site-items/ports.js'
import { Site } from '../../src/site/site.js'
import { mantissa } from '../support/mantissa.js'
import { quietPorts, startNodeProcess } from '../support/node-process.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

async function newSite(): Promise<string> {
  const site = join(temporaryDirectory(), 'site.axiom')
  await createSite(site, { hostname: 'example.com' })
  quietPorts(site)
  return site
}

function setPort(directory: string, portNumber: number): void {
  using site = Site.open(directory)
  Object.assign(site.store.findUnique(TcpPort), { portNumber })
}

/** A port of loopback at which somebody else listens. */
async function takenPort(): Promise<Disposable & { readonly port: number }> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, [Symbol.dispose]: () => void server.close() }
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

describe('options of start', () => {
  it('behaviours 62 and 64: are those of the node in the background, too, and no log directory is made in vain', async () => {
    const site = await newSite()
    const cwd = join(site, '..')
    const places = ['--pid-file=node.pid', '--log-file', 'elsewhere/node.log', '--log-level=warn', '--admin', 'tcp:0']
    const started = await mantissa(['start', '--detach', '--json', '--dbdir', site, ...places], { cwd })
    expect(started.err).toBe('')
    const { pid, logFile, admin } = json(started)
    expect({ logFile, admin }).toEqual({
      logFile: join(cwd, 'elsewhere/node.log'),
      admin: expect.stringMatching(/^127/),
    })
    expect(readFileSync(join(cwd, 'node.pid'), 'utf8')).toBe(`${pid}\n`)
    expect(existsSync(join(site, 'run', 'logs'))).toBe(false)
    expect((await mantissa(['stop', '--site', site], { cwd })).code).toBe(0)
    expect(readFileSync(join(cwd, 'elsewhere/node.log'), 'utf8')).toBe('')
  })
})

describe('a node in the background that cannot start', () => {
  it('says why, with its exit code', async () => {
    const site = await newSite()
    using taken = await takenPort()
    setPort(site, taken.port)
    const { code, err } = await mantissa(['start', '--detach', '--json', '--admin', 'off', '--site', site], {
      cwd: site,
    })
    expect(code).toBe(7)
    expect(JSON.parse(err)).toMatchObject({
      error: { code: 'SERVICES_FAILED', message: expect.stringContaining('port ') },
    })
  })
})

describe('a node in the foreground', () => {
  it('serves its ports until SIGTERM, opens its log anew at SIGHUP, and ends well', async () => {
    const node = await startNodeProcess(await newSite())
    expect((await fetch(`${node.url}/nowhere`)).status).toBeLessThan(500)
    const log = join(node.site, 'run', 'logs', 'mantissa.log')
    renameSync(log, `${log}.away`)
    node.process.kill('SIGHUP')
    await expect.poll(() => existsSync(log)).toBe(true)
    expect(readFileSync(`${log}.away`, 'utf8')).toContain('the node is ready')
    expect(await node.end('SIGTERM')).toBe(0)
    expect(node.log().map(({ msg }) => msg)).toContain('the node was told to stop')
    expect(node.err()).toContain('the node has stopped')
  })

  it('writes to standard output, where that is its log, nothing but lines of JSON', async () => {
    const node = await startNodeProcess(await newSite(), { words: ['--log-file', '-'] })
    expect(await node.end('SIGTERM')).toBe(0)
    const lines = node.out().trimEnd().split('\n')
    expect(lines.map(line => (JSON.parse(line) as { readonly msg: string }).msg)).toContain('the node is ready')
  })

  it('that was killed leaves nothing that hinders the next, whatever its pid file says', async () => {
    const site = await newSite()
    const cwd = join(site, '..')
    const killed = await startNodeProcess(site)
    expect(await killed.end('SIGKILL')).toBe('SIGKILL')
    // The process id was given to somebody else, who lives.
    writeFileSync(join(site, 'run', 'mantissa.pid'), `${process.pid}\n`)
    const status = await mantissa(['status', '--site', site], { cwd })
    expect([status.code, status.err]).toEqual([3, expect.stringContaining('has ended without stopping')])
    expect(json(await mantissa(['stop', '--json', '--site', site], { cwd }))).toMatchObject({ status: 'already' })
    const next = await startNodeProcess(site)
    expect((await next.state()).pid).toBe(next.pid)
    expect(next.log()).toContainEqual(
      expect.objectContaining({ pid: killed.pid, msg: 'the node before this one has ended without stopping' }),
    )
  })

  it('keeps others from starting, who leave its log alone; one that hangs is killed by stop, where wished', async () => {
    const site = await newSite()
    const cwd = join(site, '..')
    const node = await startNodeProcess(site)
    const second = await mantissa(['start', '--site', site], { cwd })
    expect([second.code, second.err]).toEqual([4, expect.stringMatching(/^error: a node runs already .*\ntry: .*\n$/)])
    expect(node.log().map(({ level }) => level)).not.toContain('error')
    node.process.kill('SIGSTOP')
    const words = ['stop', '--timeout', '100ms', '--json', '--site', site]
    const lingers = await mantissa(words, { cwd })
    expect([lingers.code, JSON.parse(lingers.err).error.code]).toEqual([8, 'NODE_LINGERS'])
    expect(json(await mantissa([...words, '--kill'], { cwd }))).toMatchObject({
      status: 'done',
      killed: true,
      pid: node.pid,
    })
  })
})
