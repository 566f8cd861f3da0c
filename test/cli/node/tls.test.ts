import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../src/offerings/certificates/make-certificate.js'
import { SslPort } from '../../../src/offerings/site-items/ports.js'
import { type Issued, issueCertificate } from '../../support/issued-certificate.js'
import { SiteForVerbs } from '../../support/site-for-verbs.js'
import { addUser } from '../../support/sites.js'

const verbs = new SiteForVerbs()
const NOW = new Date('2026-01-01T00:00:00Z')

function site(name = 'server.pem'): string {
  return join(verbs.directory, 'files', name)
}

function keysIn(...texts: readonly string[]): boolean {
  return texts.some(text => text.includes('PRIVATE KEY'))
}

let issued: Issued
let own: string

beforeAll(async () => {
  issued = await issueCertificate('example.com')
  own = await makeCertificate({ names: ['example.com', 'www.example.com'], days: 30, now: NOW })
  for (const [name, text] of [
    ['full.pem', `${issued.key}\n${issued.certificate}`],
    ['chain.pem', issued.certificate],
    ['key.pem', issued.key],
    ['rubbish.pem', 'nothing of the kind'],
  ] as const)
    writeFileSync(verbs.path(name), text)
})

beforeEach(() => writeFileSync(site(), own, { mode: 0o600 }))

describe('tls show', () => {
  it('tells all of the certificate, and nothing of its key', async () => {
    const { out, err } = await verbs.run('tls show --json')
    const certificate = new X509Certificate(own)
    expect(JSON.parse(out)).toEqual({
      certificate: site(),
      subject: 'CN=example.com',
      names: ['example.com', 'www.example.com'],
      issuer: 'CN=example.com',
      selfSigned: true,
      notBefore: '2026-01-01T00:00:00.000000Z',
      notAfter: '2026-01-31T00:00:00.000000Z',
      daysLeft: 30,
      serial: certificate.serialNumber,
      fingerprint: certificate.fingerprint256,
      keyMode: '600',
      ports: [verbs.change(({ store }) => store.findUnique(SslPort).storeID)],
      namesSite: true,
      others: [],
    })
    expect(keysIn(out, err, (await verbs.onTerminal('tls show')).out)).toBe(false)
  })

  it.each([
    ['there is none', undefined, 3, 'CERTIFICATE_MISSING'],
    ['it is none', 'rubbish', 6, 'CERTIFICATE_BAD'],
    ['it has no key', 'chain.pem', 6, 'CERTIFICATE_BAD'],
    ['it has the key of another', 'other', 6, 'KEY_MISMATCH'],
  ])('says that %s', async (_what, content, code, name) => {
    const other = content === 'other' ? `${issued.key}${own.slice(own.indexOf('-----BEGIN CERT'))}` : content
    const { rmSync } = await import('node:fs')
    if (other === undefined) rmSync(site())
    else writeFileSync(site(), other === 'chain.pem' ? issued.certificate : other)
    const { code: actual, err } = await verbs.run('tls show --json')
    expect([actual, JSON.parse(err).error.code]).toEqual([code, name])
    expect(keysIn(err)).toBe(false)
  })
})

describe('tls renew', () => {
  it('makes a certificate for every name of the site, for the owner only', async () => {
    verbs.change(each => addUser(each, 'alice@example.net'))
    const { out } = await verbs.run('tls renew --days 90 --json')
    const names = ['example.com', 'www.example.com', 'example.net', '*.example.net']
    expect(JSON.parse(out)).toMatchObject({ status: 'done', certificate: site(), names })
    expect((statSync(site()).mode & 0o777).toString(8)).toBe('600')
    const made = new X509Certificate(readFileSync(site()))
    expect(made.checkHost('bob.example.net')).toBe('*.example.net')
    expect(Math.round((Date.parse(made.validTo) - NOW.getTime()) / 86_400_000)).toBe(90)
    expect(JSON.parse((await verbs.run('tls show --json')).out)).toMatchObject({ daysLeft: 90, keyMode: '600' })
  })

  it('touches nothing in a dry run', async () => {
    const { out } = await verbs.run('tls renew --dry-run --json')
    expect(JSON.parse(out)).toMatchObject({ status: 'planned', notAfter: null })
    expect(readFileSync(site(), 'utf8')).toBe(own)
  })

  it('leaves one that somebody else has issued, unless it is forced, and keeps it then', async () => {
    const full = readFileSync(verbs.path('full.pem'), 'utf8')
    writeFileSync(site(), full)
    const { code, err } = await verbs.run('tls renew --json')
    expect([code, JSON.parse(err).error.code]).toEqual([4, 'CERTIFICATE_ISSUED'])
    expect(err).toContain('An Authority')
    expect(readFileSync(site(), 'utf8')).toBe(full)
    expect((await verbs.run('tls renew --force')).code).toBe(0)
    expect(readFileSync(site('server.pem.previous'), 'utf8')).toBe(full)
    expect((statSync(site('server.pem.previous')).mode & 0o777).toString(8)).toBe('600')
  })

  it('makes one where there is none, and in the place of rubbish only when it is forced', async () => {
    writeFileSync(site(), 'rubbish')
    expect((await verbs.run('tls renew')).code).toBe(6)
    expect((await verbs.run('tls renew --force')).code).toBe(0)
    expect((await verbs.run('tls show')).code).toBe(0)
  })
})

describe('tls use', () => {
  it.each([
    ['one file', () => verbs.path('full.pem')],
    ['two files', () => `${verbs.path('chain.pem')} --key ${verbs.path('key.pem')}`],
  ])('takes certificate, chain and key from %s', async (_what, files) => {
    const { code, out, err } = await verbs.run(`tls use ${files()} --json`)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(JSON.parse(out)).toMatchObject({ status: 'done', names: ['example.com'] })
    const taken = readFileSync(site(), 'utf8')
    expect(taken.match(/BEGIN CERTIFICATE/g)).toHaveLength(2)
    expect((statSync(site()).mode & 0o777).toString(8)).toBe('600')
    expect(JSON.parse((await verbs.run('tls show --json')).out)).toMatchObject({
      subject: 'CN=example.com',
      issuer: 'CN=An Authority',
      selfSigned: false,
    })
    expect(keysIn(out, err)).toBe(false)
  })

  it.each([
    ['a file that is not there', () => verbs.path('nowhere.pem'), 3, 'CERTIFICATE_MISSING'],
    ['rubbish', () => verbs.path('rubbish.pem'), 6, 'CERTIFICATE_BAD'],
    ['a directory', () => verbs.path('.'), 6, 'CERTIFICATE_BAD'],
    ['a certificate without a key', () => verbs.path('chain.pem'), 6, 'CERTIFICATE_BAD'],
    ['the key of another', () => `${verbs.path('chain.pem')} --key ${site()}`, 6, 'KEY_MISMATCH'],
  ])('refuses %s', async (_what, files, code, name) => {
    const { code: actual, err } = await verbs.run(`tls use ${files()} --json`)
    expect([actual, JSON.parse(err).error.code]).toEqual([code, name])
    expect(readFileSync(site(), 'utf8')).toBe(own)
  })

  it('refuses one that has expired, unless it is forced, and says when it has another name', async () => {
    const { certificate, key } = await issueCertificate('example.net', new Date(Date.now() - 86_400_000))
    const expired = await makeCertificate({ names: ['example.net'], days: 1, now: new Date('2025-12-01T00:00:00Z') })
    writeFileSync(verbs.path('expired.pem'), expired)
    expect(keysIn(certificate)).toBe(false)
    expect(keysIn(key)).toBe(true)
    const { code, err } = await verbs.run(`tls use ${verbs.path('expired.pem')}`)
    expect([code, existsSync(site())]).toEqual([6, true])
    expect(err).toContain('has expired on')
    const forced = await verbs.run(`tls use ${verbs.path('expired.pem')} --force`)
    expect(forced.err).toContain('the certificate does not name the host name of the site')
  })
})
