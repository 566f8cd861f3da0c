import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { subStoreOf } from '../../src/accounts/account-rows.js'
import { getAccountByAddress } from '../../src/accounts/find-account.js'
import { LoginMethod } from '../../src/accounts/login-method.js'
import { parseAddress } from '../../src/base/address.js'
import { isAdministrator } from '../../src/offerings/administrator.js'
import { createSite } from '../../src/offerings/create-site.js'
import { getInstalledOfferingNames } from '../../src/offerings/installed-offerings.js'
import { planSite } from '../../src/offerings/plan-site.js'
import { SslPort, TcpPort } from '../../src/offerings/site-items/ports.js'
import { SiteConfiguration } from '../../src/offerings/site-items/site-configuration.js'
import { PUBLIC_URL, readSetting } from '../../src/site/settings.js'
import { createSiteStore, Site } from '../../src/site/site.js'
import type { Store } from '../../src/store-engine/store.js'
import { cloneFixture } from '../support/fixtures.js'
import { addUser } from '../support/sites.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const admin = parseAddress('admin@example.org')
const adminPasswordHash = async (): Promise<string> => 'hash'

function place(): string {
  return join(temporaryDirectory(), 'site.axiom')
}

function certificateOf(directory: string): X509Certificate {
  return new X509Certificate(readFileSync(join(directory, 'files/server.pem')))
}

describe('a new site', () => {
  it('behaviour 75: has exactly the base offering', async () => {
    const directory = place()
    await createSite(directory)
    using site = Site.open(directory, { readonly: true })
    expect(getInstalledOfferingNames(site.store)).toEqual(['mantissa-base'])
  })

  it('behaviour 76: listens at 8080, and at 8443 with a certificate, for the web server', async () => {
    const directory = place()
    await createSite(directory)
    using site = Site.open(directory, { readonly: true })
    const web = site.store.findUnique(SiteConfiguration)
    expect(site.store.findUnique(TcpPort)).toMatchObject({ portNumber: 8080, interface: '' })
    const tls = site.store.findUnique(SslPort)
    expect(tls.portNumber).toBe(8443)
    expect(tls.certificatePath).toBe(join(site.directory, 'files/server.pem'))
    expect([site.store.findUnique(TcpPort).factory, tls.factory]).toEqual([web, web])
  })

  it('behaviours 78 and 79: host name and common name are the domain of the administrator', async () => {
    const directory = place()
    const report = await createSite(directory, { adminAddress: admin, adminPasswordHash })
    expect(report.hostname).toBe('example.org')
    using site = Site.open(directory, { readonly: true })
    expect(site.store.findUnique(SiteConfiguration).hostname).toBe('example.org')
    expect(certificateOf(directory).subject).toBe('CN=example.org')
    expect(certificateOf(directory).checkHost('example.org')).toBe('example.org')
  })

  it('behaviour 80: every certificate has a serial number of its own', async () => {
    const serials = new Set<string>()
    for (const directory of [place(), place(), place()]) {
      await createSite(directory)
      serials.add(certificateOf(directory).serialNumber)
    }
    expect(serials.size).toBe(3)
  })

  it('keeps its key to its owner', async () => {
    const directory = place()
    await createSite(directory)
    expect(statSync(join(directory, 'files/server.pem')).mode & 0o777).toBe(0o600)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    const pem = readFileSync(join(directory, 'files/server.pem'), 'utf8')
    expect(pem.indexOf('PRIVATE KEY')).toBeLessThan(pem.indexOf('CERTIFICATE'))
  })

  it('is called as it is told, else localhost', async () => {
    expect(await createSite(place(), { adminAddress: admin, hostname: 'www.example.com' })).toMatchObject({
      hostname: 'www.example.com',
    })
    expect(await createSite(place())).toMatchObject({ hostname: 'localhost', admin: null, adminStatus: null })
  })

  it('knows its public URL', async () => {
    const directory = place()
    await createSite(directory, { publicUrl: 'https://example.com/' })
    using site = Site.open(directory, { readonly: true })
    expect(readSetting(site, PUBLIC_URL, null)).toBe('https://example.com')
  })
})

describe('the administrator', () => {
  it('is internal and verified, and owns the administrative powerups', async () => {
    const directory = place()
    await createSite(directory, { adminAddress: admin, adminPasswordHash })
    using site = Site.open(directory)
    const account = getAccountByAddress(site, admin)
    expect(account.passwordHash).toBe('hash')
    const method = site.store.findUnique(LoginMethod, LoginMethod.account.equals(account))
    expect(method).toMatchObject({ protocol: 'email', internal: true, verified: true })
    expect(isAdministrator(subStoreOf(account)?.open() as Store)).toBe(true)
  })

  it('can be somebody who is there already; the password stays', async () => {
    const directory = place()
    await createSite(directory)
    using site = Site.open(directory)
    const user = addUser(site, 'admin@example.org')
    const report = await createSite(directory, { adminAddress: admin, adminPasswordHash })
    expect(report).toMatchObject({ status: 'done', adminStatus: 'done' })
    expect(user.passwordHash).toBeNull()
    expect(isAdministrator(subStoreOf(user)?.open() as Store)).toBe(true)
  })
})

describe('a second time', () => {
  it('says already and changes nothing', async () => {
    const directory = place()
    const options = { adminAddress: admin, adminPasswordHash, publicUrl: 'https://example.org' }
    await createSite(directory, options)
    const before = certificateOf(directory).serialNumber
    expect(planSite(directory, options)).toMatchObject({ status: 'already', adminStatus: 'already' })
    expect(await createSite(directory, options)).toMatchObject({ status: 'already', adminStatus: 'already' })
    expect(certificateOf(directory).serialNumber).toBe(before)
  })

  it('refuses to be somebody else', async () => {
    const directory = place()
    await createSite(directory, { hostname: 'one.example', publicUrl: 'https://one.example' })
    for (const other of [{ hostname: 'two.example' }, { publicUrl: 'https://two.example' }]) {
      await expect(createSite(directory, other)).rejects.toMatchObject({ code: 'SITE_DIFFERS' })
      expect(() => planSite(directory, other)).toThrow('exists')
    }
    expect(await createSite(directory)).toMatchObject({ status: 'already', publicUrl: 'https://one.example' })
  })

  it('completes a site that has only its store', async () => {
    const directory = place()
    createSiteStore(directory).close()
    expect(planSite(directory)).toMatchObject({ status: 'done' })
    expect(await createSite(directory)).toMatchObject({ status: 'done' })
    using site = Site.open(directory, { readonly: true })
    expect(site.store.query(TcpPort).count()).toBe(1)
  })

  it('leaves a site of the original as it is, and can give it an administrator', async () => {
    const directory = cloneFixture('divmod-site.axiom')
    expect(await createSite(directory, { adminAddress: admin })).toMatchObject({
      status: 'already',
      hostname: 'example.org',
      adminStatus: 'already',
    })
    expect(await createSite(directory, { adminAddress: parseAddress('bob@example.org') })).toMatchObject({
      adminStatus: 'done',
    })
  })
})

describe('bad input', () => {
  it('makes nothing of a host name or a URL that is none', async () => {
    const directory = place()
    await expect(createSite(directory, { hostname: 'a b' })).rejects.toMatchObject({ code: 'INVALID_HOSTNAME' })
    await expect(createSite(directory, { publicUrl: 'ftp://x' })).rejects.toMatchObject({ code: 'INVALID_URL' })
    expect(existsSync(directory)).toBe(false)
  })

  it('does not touch a directory that holds something else', async () => {
    const directory = place()
    mkdirSync(directory)
    writeFileSync(join(directory, 'letter.txt'), 'dear')
    await expect(createSite(directory)).rejects.toMatchObject({ code: 'SITE_PLACE_TAKEN' })
    expect(() => planSite(directory)).toThrow('is not a site')
    expect(readFileSync(join(directory, 'letter.txt'), 'utf8')).toBe('dear')
  })

  it('plans without creating', () => {
    const directory = place()
    expect(planSite(directory, { adminAddress: admin })).toEqual({
      site: directory,
      status: 'done',
      hostname: 'example.org',
      publicUrl: null,
      admin: 'admin@example.org',
      adminStatus: 'done',
    })
    expect(existsSync(directory)).toBe(false)
  })
})
