import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseAdminEndpoint } from '../../src/node/admin-endpoint.js'
import { NodeLog } from '../../src/node/node-log.js'
import { defaultPidFile, isNodeRunning, readNodeFacts } from '../../src/node/node-place.js'
import { NodeProcess, type NodeProcessOptions } from '../../src/node/node-process.js'
import { IService } from '../../src/offerings/site-items/interfaces.js'
import { TcpPort } from '../../src/offerings/site-items/ports.js'
import { tryLock } from '../../src/site/locks.js'
import type { Site } from '../../src/site/site.js'
import { bareSite } from '../site/bare-site.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { Diary } from './diary.js'

async function start(site: Site, options: Partial<NodeProcessOptions> = {}): Promise<NodeProcess> {
  const log = NodeLog.open({ site: site.directory, level: 'info' })
  const started = await NodeProcess.start(site, {
    log,
    makers: new Map(),
    pidFile: defaultPidFile(site.directory),
    logFile: null,
    admin: null,
    strict: false,
    variables: {},
    onStop: () => {},
    ...options,
  })
  onTestFinished(() => started.stop())
  return started
}

describe('the only node of a site', () => {
  it('is refused a second time, by name', async () => {
    const site = bareSite()
    await start(site)
    await expect(start(site)).rejects.toMatchObject({
      code: 'NODE_RUNNING',
      message: expect.stringContaining(`process ${process.pid}`),
    })
  })

  it('starts though a pid file names a living process, since nobody holds the lock', async () => {
    const site = bareSite()
    mkdirSync(join(site.directory, 'run'), { recursive: true })
    writeFileSync(defaultPidFile(site.directory), `${process.ppid}\n`)
    expect(isNodeRunning(site.directory)).toBe(false)
    await start(site)
    expect(readFileSync(defaultPidFile(site.directory), 'utf8')).toBe(`${process.pid}\n`)
    expect(isNodeRunning(site.directory)).toBe(true)
  })

  it('starts though somebody looks at its lock in that moment', async () => {
    const site = bareSite()
    const look = tryLock(site, 'node')
    setTimeout(() => look?.release(), 20)
    await start(site)
  })

  it('leaves nothing behind when it stops', async () => {
    const site = bareSite()
    const node = await start(site)
    const socket = readNodeFacts(site.directory)?.socket ?? ''
    expect(existsSync(socket)).toBe(true)
    await node.stop()
    expect([socket, defaultPidFile(site.directory)].filter(existsSync)).toEqual([])
    expect(isNodeRunning(site.directory)).toBe(false)
  })

  it('writes nothing through a link that somebody has put into the site', async () => {
    const site = bareSite()
    const elsewhere = temporaryDirectory()
    mkdirSync(join(site.directory, 'run'), { recursive: true })
    symlinkSync(elsewhere, join(site.directory, 'run', 'control'))
    await expect(start(site)).rejects.toMatchObject({ code: 'PATH_ESCAPES' })
    const file = join(site.directory, 'run', 'mantissa.log')
    symlinkSync(join(elsewhere, 'log'), file)
    const open = () => NodeLog.open({ site: site.directory, file, level: 'info' })
    expect(open).toThrow(expect.objectContaining({ code: 'PATH_ESCAPES' }))
    expect(readdirSync(elsewhere)).toEqual([])
  })

  it('removes nothing that a left-over of another node names', async () => {
    const site = bareSite()
    const precious = join(temporaryDirectory(), 'precious')
    writeFileSync(precious, '')
    const facts = { pid: 4711, socket: precious, pidFile: precious, logFile: null, since: '' }
    mkdirSync(join(site.directory, 'run', 'control'), { recursive: true })
    writeFileSync(join(site.directory, 'run', 'control', 'node.json'), JSON.stringify(facts))
    await (await start(site)).stop()
    expect(existsSync(precious)).toBe(true)
  })

  it('does not start beside the server of the original', async () => {
    const site = bareSite()
    const { spawn } = await import('node:child_process')
    const server = spawn('sh', ['-c', 'sleep 30; true', 'twistd'], { stdio: 'ignore' })
    onTestFinished(() => void server.kill())
    mkdirSync(join(site.directory, 'run'), { recursive: true })
    writeFileSync(join(site.directory, 'run', 'axiomatic.pid'), String(server.pid))
    await expect(start(site)).rejects.toMatchObject({ code: 'ORIGINAL_SERVER_RUNS' })
    expect(isNodeRunning(site.directory)).toBe(false)
  })
})

describe('a node that could not serve', () => {
  it('does not start where there are ports and none can listen', async () => {
    const site = bareSite()
    site.store.powerUp(site.store.create(TcpPort, { portNumber: 0, interface: '127.0.0.1' }), IService)
    // Nobody speaks at it: no maker is known here.
    await expect(start(site)).rejects.toMatchObject({ code: 'SERVICES_FAILED' })
    expect(isNodeRunning(site.directory)).toBe(false)
    expect(readNodeFacts(site.directory)).toBeUndefined()
  })

  it('starts with a failed service, but for --strict', async () => {
    const site = bareSite()
    site.store.powerUp(site.store.create(Diary, { name: 'broken' }), IService)
    await expect(start(site, { strict: true })).rejects.toMatchObject({ message: expect.stringContaining('broken') })
    expect((await start(site)).state).toMatchObject({ ready: true })
  })
})

describe('the endpoint for programs that watch a node', () => {
  async function get(url: string, host?: string): Promise<string> {
    const { request } = await import('node:http')
    return new Promise((resolve, reject) => {
      const asked = request(url, { headers: host === undefined ? {} : { host } }, response => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () => resolve(`${response.statusCode} ${text}`))
      })
      asked.on('error', reject).end()
    })
  }

  it('tells that it lives, that it is ready, and what it counts', async () => {
    const site = bareSite()
    site.store.powerUp(site.store.create(Diary, { name: 'broken' }), IService)
    const node = await start(site, { admin: parseAdminEndpoint('tcp:0:interface=127.0.0.1') })
    const url = `http://${node.state.admin}`
    expect(await get(`${url}/health`)).toBe('200 alive\n')
    expect(await get(`${url}/ready`)).toMatch(/^200 ready; these do not run: test_diary \d+\n$/)
    const metrics = await get(`${url}/metrics`)
    for (const name of ['mantissa_services_failed 1', 'mantissa_open_stores 0', 'nodejs_eventloop_lag_seconds'])
      expect(metrics).toContain(name)
    expect(await get(`${url}/`)).toMatch(/^404/)
    expect(await get(`${url}/metrics`, 'evil.example:80')).toMatch(/^421/)
    expect(await get(`${url}/ready`, 'localhost:8079')).toMatch(/^200/)
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405)
  })

  it('answers to its address and not to the names of strangers, wherever it listens', async () => {
    const everywhere = await start(bareSite(), { admin: parseAdminEndpoint('tcp:0:interface=0.0.0.0') })
    const url = `http://127.0.0.1:${everywhere.state.admin?.split(':')[1]}/health`
    expect(await get(url, '10.1.2.3:8079')).toMatch(/^200/)
    expect(await get(url, '[2001:db8::1]:8079')).toMatch(/^200/)
    expect(await get(url, 'evil.example')).toMatch(/^421/)
    const one = await start(bareSite(), { admin: parseAdminEndpoint('tcp:0:interface=127.0.0.3') })
    expect(await get(`http://${one.state.admin}/health`, '127.0.0.3')).toMatch(/^200/)
    expect(await get(`http://${one.state.admin}/health`, '10.1.2.3')).toMatch(/^421/)
  })

  it('does without where its port is busy', async () => {
    const first = await start(bareSite(), { admin: parseAdminEndpoint('tcp:0') })
    const port = first.state.admin?.split(':')[1]
    const second = await start(bareSite(), { admin: parseAdminEndpoint(`tcp:${port}`) })
    expect(second.state).toMatchObject({ ready: true, admin: null })
  })

  it.each(['tcp:', 'tcp:99999', 'tcp:80:interface=example.com', 'udp:80', ''])('is none at "%s"', text => {
    expect(() => parseAdminEndpoint(text)).toThrow(expect.objectContaining({ code: 'ENDPOINT_UNKNOWN' }))
  })
})
