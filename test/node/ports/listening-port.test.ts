import { once } from 'node:events'
import { chmodSync, existsSync, lstatSync, mkdtempSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { ListeningPort } from '../../../src/node/ports/listening-port.js'
import { describePorts } from '../../../src/offerings/ports/describe-ports.js'
import { ProductConfiguration } from '../../../src/offerings/site-items/administration.js'
import { SslPort, TcpPort } from '../../../src/offerings/site-items/ports.js'
import { TRUSTED_PROXIES, writeSetting } from '../../../src/site/settings.js'
import { Site } from '../../../src/site/site.js'
import { EchoFactory, PortBench } from '../../support/port-bench.js'

const bench = new PortBench()
const LOOPBACK = 'tcp:0:interface=127.0.0.1'

function numberOf(port: ListeningPort): number {
  return (port.address as AddressInfo).port
}

async function open(port: ListeningPort, host = '127.0.0.1'): Promise<Socket> {
  const { address } = port
  const socket = typeof address === 'string' ? connect(address) : connect(numberOf(port), host)
  await once(socket, 'connect')
  return socket.on('error', () => {})
}

async function said(socket: Socket, line: string): Promise<string> {
  socket.write(line)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  return String(answer)
}

describe('where it listens', () => {
  it('a TCP port with number 0 tells the number that the system chose', async () => {
    const item = bench.site.store.create(TcpPort, { portNumber: 0, interface: '127.0.0.1', factory: bench.factory })
    const port = await bench.listen(item)
    const socket = await open(port)
    expect(await said(socket, 'hello')).toBe('hello')
    expect(port.connections).toBe(1)
    socket.destroy()
    await vi.waitFor(() => expect(port.connections).toBe(0))
  })

  it('without an interface it is all addresses, of both families', async () => {
    const port = await bench.listen('tcp:0')
    for (const host of ['127.0.0.1', ...(hasIPv6() ? ['::1'] : [])]) {
      const socket = await open(port, host)
      expect(await said(socket, host)).toBe(host)
      socket.destroy()
    }
  })

  it('a socket in the file system, with the mode that was asked for, until it stops', async () => {
    const path = join(bench.directory, 'a.sock')
    const port = await bench.listen(`unix:${path}:mode=620`)
    expect((lstatSync(path).mode & 0o777).toString(8)).toBe('620')
    const socket = await open(port)
    expect(await said(socket, 'hello')).toBe('hello')
    socket.destroy()
    await port.stopService()
    expect(existsSync(path)).toBe(false)
  })

  it('a path of a socket is meant from the directory of the site', async () => {
    await bench.listen('unix:run/site.sock:mode=600')
    expect(lstatSync(join(bench.site.directory, 'run/site.sock')).isSocket()).toBe(true)
  })

  it('a socket that nobody answers is replaced', async () => {
    const path = join(bench.directory, 'stale.sock')
    await leaveSocket(path)
    const port = await bench.listen(`unix:${path}`)
    expect(await said(await open(port), 'hello')).toBe('hello')
  })
})

describe('why it does not', () => {
  it.each([
    ['a port that another program has', async () => `tcp:${await takenPort()}:interface=127.0.0.1`, 'PORT_BUSY'],
    ['an address of another machine', async () => 'tcp:0:interface=203.0.113.7', 'INTERFACE_UNKNOWN'],
    ['a socket that somebody answers', async () => `unix:${await answeredSocket()}`, 'SOCKET_IN_USE'],
    ['the place of a file', async () => `unix:${fileAt()}`, 'SOCKET_IN_USE'],
    ['a directory that is not there', async () => `unix:${join(bench.directory, 'no', 'x.sock')}`, 'SOCKET_PLACE'],
    ['a path too long for a socket', async () => `unix:/tmp/${'x'.repeat(120)}`, 'SOCKET_PATH_TOO_LONG'],
    ['an endpoint that nobody understands', async () => 'systemd:index=0', 'ENDPOINT_INVALID'],
    ['no certificate', async () => 'ssl:0:privateKey=nowhere.pem', 'CERTIFICATE_MISSING'],
  ])('%s', async (_what, endpoint, code) => {
    const item = bench.endpoint(await endpoint())
    expect(await bench.refusal(item)).toMatchObject({ code, hint: expect.stringMatching(/\w/) })
  })

  it('a low port without the right to it', async ({ skip }) => {
    const low = bench.endpoint('tcp:1:interface=127.0.0.1')
    const refusal = await bench.refusal(low)
    if (refusal === 'it listens') return skip('this user may')
    expect(refusal).toMatchObject({ code: 'PORT_DENIED', hint: expect.stringContaining('CAP_NET_BIND_SERVICE') })
  })

  it('a number that is none, and a certificate outside of the site', async () => {
    const { store } = bench.site
    for (const portNumber of [null, -1, 65_536])
      expect(await bench.refusal(store.create(TcpPort, { portNumber, factory: bench.factory }))).toMatchObject({
        code: 'ENDPOINT_INVALID',
      })
    const item = store.create(SslPort, { portNumber: 0, factory: bench.factory })
    setCertificatePath(item.storeID, '../../secret.pem')
    expect(await bench.refusal(item)).toMatchObject({ code: 'HOSTILE_PATH' })
    expect(describePorts(store)).toContainEqual(expect.objectContaining({ storeID: item.storeID, certificate: null }))
    item.deleteFromStore()
  })

  it('a factory that is gone, and an item that is no factory', async () => {
    const gone = bench.site.store.create(TcpPort, { portNumber: 0, factory: null })
    expect(await bench.refusal(gone)).toMatchObject({ code: 'PORT_WITHOUT_FACTORY' })
    const other = bench.site.store.create(ProductConfiguration, {})
    const wrong = bench.site.store.create(TcpPort, { portNumber: 0, factory: other })
    expect(await bench.refusal(wrong)).toMatchObject({ code: 'FACTORY_UNFIT' })
  })
})

describe('what all protocols have', () => {
  it('ports of one factory share what it makes, and the last one closes it', async () => {
    EchoFactory.made = EchoFactory.closed = 0
    const factory = bench.site.store.create(EchoFactory, {})
    const ports = [1, 2].map(() => bench.site.store.create(TcpPort, { portNumber: 0, interface: '127.0.0.1', factory }))
    const [first, second] = await Promise.all(ports.map(each => bench.listen(each)))
    expect(EchoFactory.made).toBe(1)
    await first?.stopService()
    expect(EchoFactory.closed).toBe(0)
    await second?.stopService()
    expect(EchoFactory.closed).toBe(1)
  })

  it('a port that does not start holds nothing', async () => {
    EchoFactory.made = EchoFactory.closed = 0
    const factory = bench.site.store.create(EchoFactory, {})
    const busy = { portNumber: await takenPort(), interface: '127.0.0.1', factory }
    expect(await bench.refusal(bench.site.store.create(TcpPort, busy))).toMatchObject({ code: 'PORT_BUSY' })
    expect([EchoFactory.made, EchoFactory.closed]).toEqual([1, 1])
  })

  it('no more connections than allowed; those inside are served, and the next one when somebody has gone', async () => {
    const port = await bench.listen(LOOPBACK, { mostConnections: 2 })
    const inside = [await open(port), await open(port)]
    await vi.waitFor(() => expect(port.connections).toBe(2))
    const third = await open(port)
    await once(third, 'close')
    expect(await said(inside[0] as Socket, 'still here')).toBe('still here')
    expect(bench.log.lines).toContainEqual(expect.objectContaining({ sentence: 'too many connections at a port' }))
    expect((await bench.node.measures.page()).text).toMatch(/mantissa_refused_connections_total\{.*\} 1/)
    inside[1]?.destroy()
    await vi.waitFor(() => expect(port.connections).toBe(1))
    expect(await said(await open(port), 'me too')).toBe('me too')
  })

  it.for(['tcp:0', 'ssl:0'])('nobody alone takes more than half of them at %s', async (endpoint, { skip }) => {
    const own = Object.values(networkInterfaces())
      .flat()
      .find(each => each?.internal === false && each.family === 'IPv4')
    if (own === undefined) return skip('this machine has no address for others')
    const port = await bench.listen(endpoint, { mostConnections: 4 })
    const inside = [await open(port, own.address), await open(port, own.address)]
    await vi.waitFor(() => expect(port.connections).toBe(2))
    await once(await open(port, own.address), 'close')
    const other = await open(port)
    await vi.waitFor(() => expect(port.connections).toBe(3))
    writeSetting(bench.site, TRUSTED_PROXIES, ['2001:db8::/32', 'nonsense', `${own.address}/30`])
    const proxied = await open(port, own.address)
    await vi.waitFor(() => expect(port.connections).toBe(4))
    writeSetting(bench.site, TRUSTED_PROXIES, null)
    for (const socket of [...inside, other, proxied]) socket.destroy()
    await vi.waitFor(() => expect(port.connections).toBe(0))
    const again = await open(port, own.address)
    await vi.waitFor(() => expect(port.connections).toBe(1))
    again.destroy()
  })

  it('stops after those inside have gone, and cuts those who stay', async () => {
    const port = await bench.listen(LOOPBACK, { patience: 50 })
    EchoFactory.drained = 0
    const socket = await open(port)
    await said(socket, 'hello')
    const number = numberOf(port)
    const stopping = port.stopService()
    expect(EchoFactory.drained).toBe(1)
    await once(socket, 'close')
    await stopping
    expect(port.address).toBeUndefined()
    const late = connect(number, '127.0.0.1')
    await expect(once(late, 'connect')).rejects.toThrow('ECONNREFUSED')
  })

  it('can be started again', async () => {
    const port = await bench.listen(LOOPBACK)
    await port.stopService()
    await port.startService(bench.node)
    expect(await said(await open(port), 'again')).toBe('again')
    await port.stopService()
  })
})

/** As a stranger's store may hold it: no item takes it. */
function setCertificatePath(storeID: number, path: string): void {
  using site = Site.open(bench.site.directory)
  const { table } = site.store.typesOnDisk().find(each => each.typeName === 'xmantissa_port_sslport') ?? { table: '' }
  const statement = `UPDATE ${table} SET certificatePath = ? WHERE oid = ?`
  site.store.transact(() => site.store.sql.run(statement, path, storeID))
}

function hasIPv6(): boolean {
  return Object.values(networkInterfaces()).some(each => each?.some(({ address }) => address === '::1'))
}

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  return (server.address() as AddressInfo).port
}

async function answeredSocket(): Promise<string> {
  const path = join(mkdtempSync(join(bench.directory, 's-')), 'x.sock')
  const server = createServer(socket => socket.end()).listen(path)
  await once(server, 'listening')
  server.unref()
  return path
}

function fileAt(): string {
  const path = join(bench.directory, 'file')
  writeFileSync(path, 'kept')
  chmodSync(path, 0o600)
  return path
}

/** As a process that was killed leaves it: bound, and nobody behind it. */
async function leaveSocket(path: string): Promise<void> {
  const { execFileSync } = await import('node:child_process')
  const program = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  expect(() => execFileSync(process.execPath, ['-e', program])).toThrow()
  expect(lstatSync(path).isSocket()).toBe(true)
}
