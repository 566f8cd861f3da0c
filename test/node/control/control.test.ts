import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ConflictError } from '../../../src/base/errors.js'
import { askNode } from '../../../src/node/control/ask-node.js'
import { type ControlDeeds, ControlServer } from '../../../src/node/control/control-server.js'
import { controlDirectory, type NodeFacts, writeNodeFacts } from '../../../src/node/node-place.js'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

const open: ControlServer[] = []

afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

function newStore(name = 'site.axiom'): string {
  const directory = join(temporaryDirectory(), name)
  mkdirSync(join(directory, '..'), { recursive: true })
  Store.create(directory).close()
  return directory
}

async function listen(site: string, deeds: Partial<ControlDeeds> = {}): Promise<ControlServer> {
  const nothing = (): null => null
  const all = { state: nothing, reconcile: nothing, stop: nothing, reload: nothing, ...deeds }
  const server = await ControlServer.open(site, '1.0.0', all)
  open.push(server)
  writeNodeFacts(site, factsOf(site, server.path))
  return server
}

function factsOf(site: string, socket: string): NodeFacts {
  return { pid: process.pid, socket, pidFile: join(site, 'run', 'mantissa.pid'), logFile: null, since: '2026-01-01' }
}

/** What the socket says to some bytes, until it closes. */
function said(path: string, bytes: string): Promise<string> {
  return new Promise(resolve => {
    let heard = ''
    const socket = createConnection(path, () => socket.write(bytes))
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(heard))
  })
}

describe('the socket of a node', () => {
  it('answers who asks, and is for its owner only', async () => {
    const site = newStore()
    const server = await listen(site, { state: async () => ({ ready: true }) })
    expect(await askNode(site, 'state')).toEqual({ pid: process.pid, answer: { ready: true } })
    expect(statSync(server.path).mode & 0o777).toBe(0o600)
    expect(statSync(controlDirectory(site)).mode & 0o777).toBe(0o700)
  })

  it('tells a failure with its code', async () => {
    const site = newStore()
    await listen(site, {
      reload: () => {
        throw new ConflictError('not now')
      },
    })
    await expect(askNode(site, 'reload')).rejects.toMatchObject({
      code: 'NODE_FAILED',
      message: expect.stringContaining('not now'),
      details: { failure: { code: 'CONFLICT' } },
    })
  })

  it('replaces what a node that was killed has left', async () => {
    const site = newStore()
    mkdirSync(controlDirectory(site), { recursive: true, mode: 0o700 })
    writeFileSync(join(controlDirectory(site), 'node.sock'), '')
    await listen(site)
    expect(await askNode(site, 'state')).toBeDefined()
  })

  it('lies elsewhere where its path would be cut off, and is found there', async () => {
    const site = newStore(join('a'.repeat(60), 'b'.repeat(60), 'site.axiom'))
    const server = await listen(site)
    expect(Buffer.byteLength(server.path)).toBeLessThanOrEqual(100)
    expect(statSync(join(server.path, '..')).mode & 0o777).toBe(0o700)
    expect(await askNode(site, 'state')).toBeDefined()
  })

  it('is not spoken to by a copy of the site', async () => {
    const site = newStore()
    await listen(site, { state: () => ({ ready: true }) })
    const copy = join(temporaryDirectory(), 'copy.axiom')
    cpSync(site, copy, { recursive: true, filter: path => !path.endsWith('.sock') })
    expect(readFileSync(join(controlDirectory(copy), 'node.json'), 'utf8')).toContain(site)
    expect(await askNode(copy, 'state')).toBeUndefined()
  })

  it('is not spoken to where everybody could have put it', async () => {
    const site = newStore()
    const server = await listen(site)
    const shared = join(temporaryDirectory(), 'shared')
    mkdirSync(shared)
    const { chmodSync } = await import('node:fs')
    chmodSync(shared, 0o777)
    writeNodeFacts(site, factsOf(site, join(shared, 'node.sock')))
    expect(await askNode(site, 'state')).toBeUndefined()
    writeNodeFacts(site, factsOf(site, server.path))
    expect(await askNode(site, 'state')).toBeDefined()
  })

  it('is silent, and said to be, where it does not greet', async () => {
    const site = newStore()
    const { createServer } = await import('node:net')
    mkdirSync(controlDirectory(site), { recursive: true, mode: 0o700 })
    const path = join(controlDirectory(site), 'node.sock')
    const mute = createServer(() => {}).listen(path)
    writeNodeFacts(site, factsOf(site, path))
    await expect(askNode(site, 'state', { greeting: 30 })).rejects.toMatchObject({ code: 'NODE_SILENT' })
    mute.close()
  })

  it.each([
    ['what is no JSON', 'nonsense\n'],
    ['no question', '{"ask":"constructor"}\n'],
    ['null', 'null\n'],
    ['a list', '[]\n'],
  ])('refuses %s', async (_what, bytes) => {
    const server = await listen(newStore())
    expect(await said(server.path, bytes)).toContain('does not know what was asked')
  })

  it('cuts off who says too much, and goes on', async () => {
    const site = newStore()
    const server = await listen(site)
    expect(await said(server.path, 'x'.repeat(5000))).not.toContain('answer')
    expect(await askNode(site, 'state')).toBeDefined()
  })
})
