import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect as connectPlain } from 'node:net'
import { join } from 'node:path'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { expect, it, vi } from 'vitest'
import type { ListeningPort } from '../../../src/node/ports/listening-port.js'
import { makeCertificate } from '../../../src/offerings/certificates/make-certificate.js'
import { SslPort } from '../../../src/offerings/site-items/ports.js'
import { PortBench } from '../../support/port-bench.js'

const bench = new PortBench()

function numberOf(port: ListeningPort): number {
  return (port.address as AddressInfo).port
}

async function shakeHands(port: ListeningPort, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ port: numberOf(port), host: '127.0.0.1', rejectUnauthorized: false, ...options })
  await once(socket, 'secureConnect')
  return socket.on('error', () => {})
}

async function said(socket: TLSSocket, line: string): Promise<string> {
  socket.write(line)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  return String(answer)
}

function fingerprintOf(socket: TLSSocket): string {
  return socket.getPeerCertificate().fingerprint256
}

async function newCertificate(): Promise<{ pem: string; fingerprint: string }> {
  const pem = await makeCertificate({ names: ['example.com'] })
  return { pem, fingerprint: new X509Certificate(pem).fingerprint256 }
}

function tlsPort(interfaceAddress = '127.0.0.1'): SslPort {
  const { store } = bench.site
  const certificatePath = store.filePath('server.pem')
  const item = { portNumber: 0, interface: interfaceAddress, factory: bench.factory, certificatePath }
  return store.create(SslPort, item)
}

it('a TLS port speaks with the certificate of the site, and an endpoint without one too', async () => {
  const wanted = new X509Certificate(readFileSync(bench.site.store.filePath('server.pem'))).fingerprint256
  for (const item of [tlsPort(), bench.endpoint('ssl:0:interface=127.0.0.1')]) {
    const socket = await shakeHands(await bench.listen(item))
    expect([fingerprintOf(socket), await said(socket, 'hello')]).toEqual([wanted, 'hello'])
    socket.destroy()
  }
})

it('nothing below TLS 1.2 is spoken', async () => {
  const port = await bench.listen(tlsPort())
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  await expect(shakeHands(port, old)).rejects.toThrow()
  const socket = await shakeHands(port, { maxVersion: 'TLSv1.2' })
  expect(socket.getProtocol()).toBe('TLSv1.2')
  socket.destroy()
})

it('a changed certificate is used for new connections, and old ones go on', async () => {
  const { pem: first, fingerprint: before } = await newCertificate()
  const path = join(bench.directory, 'changing.pem')
  writeFileSync(path, first, { mode: 0o600 })
  const port = await bench.listen(`ssl:0:interface=127.0.0.1:privateKey=${path}`, { lookEvery: 10 })
  const old = await shakeHands(port)
  const { pem: second, fingerprint: after } = await newCertificate()
  writeFileSync(path, second)
  await vi.waitFor(
    async () => {
      const socket = await shakeHands(port)
      const seen = fingerprintOf(socket)
      socket.destroy()
      expect(seen).toBe(after)
    },
    { timeout: 10_000, interval: 20 },
  )
  expect([fingerprintOf(old), await said(old, 'still here')]).toEqual([before, 'still here'])
  old.destroy()
})

it('can be told to look at once; what cannot be used changes nothing', async () => {
  const { pem: first, fingerprint: before } = await newCertificate()
  const { pem: second, fingerprint: after } = await newCertificate()
  const path = join(bench.directory, 'renewed.pem')
  writeFileSync(path, first, { mode: 0o600 })
  const port = await bench.listen(`ssl:0:interface=127.0.0.1:privateKey=${path}`, { lookEvery: 3_600_000 })
  writeFileSync(path, 'half')
  port.reloadCertificate()
  expect(bench.log.lines.at(-1)).toMatchObject({
    level: 'warn',
    sentence: expect.stringContaining('the old one stays'),
  })
  for (const [pem, fingerprint] of [
    [first, before],
    [second, after],
  ] as const) {
    writeFileSync(path, pem)
    port.reloadCertificate()
    const socket = await shakeHands(port)
    expect(fingerprintOf(socket)).toBe(fingerprint)
    socket.destroy()
  }
})

it('a key that everybody can read is told, without what is in it', async () => {
  const path = join(bench.directory, 'open.pem')
  const { pem } = await newCertificate()
  writeFileSync(path, pem)
  chmodSync(path, 0o644)
  await bench.listen(`ssl:0:interface=127.0.0.1:privateKey=${path}`)
  const told = bench.log.lines.filter(each => each.sentence.includes('can read the key'))
  expect(told).toEqual([expect.objectContaining({ level: 'warn', facts: { path, mode: '644' } })])
  expect(JSON.stringify(bench.log.lines)).not.toContain('PRIVATE KEY')
})

it('what does not speak TLS harms nobody, and is cut when the port stops', async () => {
  const port = await bench.listen(tlsPort(), { patience: 20 })
  const silent = connectPlain(numberOf(port), '127.0.0.1').on('error', () => {})
  const rude = connectPlain(numberOf(port), '127.0.0.1').on('error', () => {})
  rude.write('GET / HTTP/1.0\r\n\r\n')
  await once(rude.resume(), 'close')
  const polite = await shakeHands(port)
  expect(await said(polite, 'hello')).toBe('hello')
  expect(port.connections).toBe(2)
  const gone = Promise.all([once(silent, 'close'), once(polite, 'close')])
  await port.stopService()
  await gone
})
