import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'
import { expect, it } from 'vitest'
import { makeCertificate } from '../../../src/offerings/certificates/make-certificate.js'

it('serves TLS, key and certificate out of one file', async () => {
  const pem = await makeCertificate({ names: ['example.org'] })
  const server = createServer({ key: pem, cert: pem }, socket => socket.end('hello')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect({ host: '127.0.0.1', port, ca: pem, servername: 'example.org' })
  const [greeting] = (await once(client, 'data')) as [Buffer]
  expect(client.authorized).toBe(true)
  expect(String(greeting)).toBe('hello')
  client.destroy()
  server.close()
})

it('is valid for 825 days from now on', async () => {
  const now = new Date('2026-03-01T12:00:00Z')
  const certificate = new X509Certificate(await makeCertificate({ names: ['example.org'], now }))
  expect(new Date(certificate.validFrom)).toEqual(now)
  expect(Date.parse(certificate.validTo) - now.getTime()).toBe(825 * 86_400_000)
  expect(certificate.ca).toBe(false)
})

it('names every name that it is asked for: host names, wildcards, addresses, and letters of any alphabet', async () => {
  const names = ['bücher.example', '*.example.org', '127.0.0.1', '::1']
  const certificate = new X509Certificate(await makeCertificate({ names, days: 2 }))
  expect(certificate.subject).toBe('CN=xn--bcher-kva.example')
  expect(certificate.subjectAltName).toBe(
    'DNS:xn--bcher-kva.example, DNS:*.example.org, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
  )
})
