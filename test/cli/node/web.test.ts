import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { installOffering } from '../../../src/offerings/install-offering.js'
import { openAppStore } from '../../../src/offerings/installed-offerings.js'
import { loadOffering } from '../../../src/offerings/load-offering.js'
import { ISessionlessSiteRootPlugin, ISiteRootPlugin } from '../../../src/offerings/site-items/interfaces.js'
import { FrontPage } from '../../../src/offerings/site-items/public-pages.js'
import { SiteConfiguration } from '../../../src/offerings/site-items/site-configuration.js'
import { StaticRedirect, StaticSite } from '../../../src/offerings/site-items/static-content.js'
import { planWeb, type WebChanges } from '../../../src/offerings/web-settings/change-web.js'
import { describeWeb, type WebSettings } from '../../../src/offerings/web-settings/describe-web.js'
import { parsePrefix } from '../../../src/offerings/web-settings/url-prefix.js'
import { Site } from '../../../src/site/site.js'
import { PowerupConnector } from '../../../src/store-engine/powerups/powerup.js'
import { SiteForVerbs } from '../../support/site-for-verbs.js'

const verbs = new SiteForVerbs()

beforeAll(async () => {
  for (const name of ['pictures', 'more', 'files']) mkdirSync(verbs.path(name))
  writeFileSync(verbs.path('one-file'), '')
  symlinkSync(verbs.directory, verbs.path('a-link'))
  using site = Site.open(verbs.directory)
  await installOffering(site, await loadOffering('notes', site))
})

async function shown(): Promise<Record<string, unknown>> {
  return JSON.parse((await verbs.run('web --json')).out)
}

function stored(): WebSettings {
  using site = Site.open(verbs.directory, { readonly: true })
  return describeWeb(site)
}

async function refusal(line: string): Promise<readonly [number, string]> {
  const before = stored()
  const { code, err } = await verbs.run(`${line} --json`)
  expect(stored()).toEqual(before)
  return [code, JSON.parse(err).error.code]
}

/** Why a change cannot be; nothing is written by asking. */
function refused(changes: WebChanges): unknown {
  using site = Site.open(verbs.directory, { readonly: true })
  try {
    return planWeb(site, changes)
  } catch (error) {
    return error
  }
}

describe('web', () => {
  it('behaviour 95: showing changes nothing', async () => {
    const database = join(verbs.directory, 'db.sqlite')
    const before = readFileSync(database)
    for (const line of ['web', 'web --list']) expect(await verbs.run(line)).toMatchObject({ code: 0, err: '' })
    expect(readFileSync(database).equals(before)).toBe(true)
    expect(await shown()).toMatchObject({ status: null, hostname: 'example.com', statics: [], redirects: [] })
  })

  it('believes proxies that are named by addresses, until it is told to believe none', async () => {
    await verbs.run('web --trusted-proxy 192.0.2.7 --trusted-proxy 10.0.0.0/8')
    expect(await shown()).toMatchObject({ trustedProxies: ['192.0.2.7', '10.0.0.0/8'] })
    for (const text of ['example.com', '10.0.0.0/33', '10.0.0.0/8/8', '1.2.3'])
      expect(refused({ trustedProxies: [text] })).toMatchObject({ code: 'PROXY_INVALID' })
    await verbs.run('web --trusted-proxy none')
    expect(await shown()).toMatchObject({ trustedProxies: [] })
  })

  it('behaviour 96: a store without the base offering is refused, but can be shown', async () => {
    const bare = verbs.bareSite()
    const { code, err } = await verbs.run('web --hostname example.net --json', bare)
    expect([code, JSON.parse(err).error.code]).toEqual([3, 'NO_WEB_SERVER'])
    expect((await verbs.run('web --list', bare)).code).toBe(0)
  })

  it('behaviour 97: sets the host name, and refuses an empty one', async () => {
    const { out, err } = await verbs.run('web --hostname www.example.org --json')
    expect(JSON.parse(out)).toMatchObject({ status: 'done', hostname: 'www.example.org' })
    expect(err).toBe('the certificate is for another name: mantissa tls renew\n')
    expect(verbs.change(({ store }) => store.findUnique(SiteConfiguration).hostname)).toBe('www.example.org')
    expect(await refusal('web --hostname ""')).toEqual([2, 'INVALID_HOSTNAME'])
    expect(await refusal('web --hostname a/b')).toEqual([2, 'INVALID_HOSTNAME'])
    const again = await verbs.run('web -H www.example.org --json')
    expect(JSON.parse(again.out)).toMatchObject({ status: 'already' })
  })

  it('behaviour 98: shows directories at prefixes, as the original stores them', async () => {
    const [pictures, more] = [verbs.path('pictures'), verbs.path('more')]
    await verbs.run(`web --static /pictures:${pictures} --static docs/manual/:${more}`)
    verbs.change(({ store }) => {
      const found = store.query(StaticSite, { sort: StaticSite.prefixURL.ascending }).toArray()
      expect(found.map(each => [each.prefixURL, each.staticContentPath, each.sessioned, each.sessionless])).toEqual([
        ['docs/manual', more, false, true],
        ['pictures', pictures, false, true],
      ])
      // The longer prefix is asked first.
      expect(store.powerupsFor(ISessionlessSiteRootPlugin)).toEqual(found)
      expect(store.powerupsFor(ISiteRootPlugin)).toEqual([store.findUnique(FrontPage)])
    })
  })

  it('a prefix that is there already is given the new directory, and is removed with all that made it one', async () => {
    await verbs.run(`web --static pictures:${verbs.path('more')}`)
    expect((await shown())['statics']).toContainEqual({ prefix: 'pictures', path: verbs.path('more') })
    const removal = await verbs.run('web --remove-static pictures --remove-static /docs/manual --json')
    expect(JSON.parse(removal.out)).toMatchObject({ status: 'done', statics: [] })
    verbs.change(({ store }) => {
      expect(store.findFirst(StaticSite)).toBeUndefined()
      const face = PowerupConnector.interface.equals(ISessionlessSiteRootPlugin.name)
      expect(store.findFirst(PowerupConnector, face)).toBeUndefined()
    })
    expect(await refusal('web --remove-static pictures')).toEqual([3, 'PREFIX_NOT_FOUND'])
  })

  it('leads on from a prefix, for everybody', async () => {
    await verbs.run('web --redirect old:https://example.org/new --redirect way/out:/pictures?size=1')
    verbs.change(({ store }) => {
      const found = store.query(StaticRedirect, { sort: StaticRedirect.prefixURL.ascending }).toArray()
      expect(found.map(each => [each.prefixURL, each.targetURL, each.sessioned, each.sessionless])).toEqual([
        ['old', 'https://example.org/new', false, true],
        ['way/out', '/pictures?size=1', false, true],
      ])
    })
    expect(await refusal(`web --static old:${verbs.path('more')}`)).toEqual([4, 'PREFIX_TAKEN'])
    const { out } = await verbs.run('web --remove-redirect old --remove-redirect way/out --json')
    expect(JSON.parse(out)).toMatchObject({ redirects: [] })
  })

  it.each([
    ...['users', 'Users', 'private/x', 'login', 'logout', 'static', 'admin', 'live', 'Mantissa', '__jsmodule__'],
    ...['notes', 'NOTES/all', 'mantissa-base'],
  ])('no directory hides the pages of the site at %s', async prefix => {
    expect(refused({ statics: [{ prefix, path: verbs.path('more') }] })).toMatchObject({ code: 'PREFIX_TAKEN' })
    expect(refused({ redirects: [{ prefix, target: '/elsewhere' }] })).toMatchObject({ code: 'PREFIX_TAKEN' })
  })

  it.each(['', '/', '..', 'a/../b', 'a//b', 'a b', 'a%2fb', 'a?b', 'a#b', 'a\\b', 'a\u0000b', './a'])(
    'no prefix is %j',
    prefix => {
      expect(() => parsePrefix(prefix)).toThrow(expect.objectContaining({ code: 'PREFIX_INVALID' }))
    },
  )

  it('shows no directory in which the stores of the site are, by whatever way, and none that is none', async () => {
    const inSite = [verbs.directory, join(verbs.directory, 'files'), verbs.path('.'), '/', verbs.path('a-link')]
    for (const path of [...inSite, verbs.path('one-file'), verbs.path('nowhere')])
      expect([path, refused({ statics: [{ prefix: 'x', path }] })]).toMatchObject([path, { code: 'STATIC_PATH' }])
    expect(await refusal(`web --static x:${verbs.directory}`)).toEqual([2, 'STATIC_PATH'])
  })

  it.each(['javascript:alert(1)', '//example.org/', '/\\example.org', 'example.org', '/a', '/a/b', '/a?x', 'ftp://x/'])(
    'leads nobody to %s',
    target => {
      expect(refused({ redirects: [{ prefix: 'a', target }] })).toMatchObject({ code: 'REDIRECT_TARGET' })
    },
  )

  it('a target cannot break a header, nor tell a password', async () => {
    const broken = 'web --redirect "a:https://example.org/\r\nSet-Cookie: x=1"'
    expect(await refusal(broken)).toEqual([2, 'REDIRECT_TARGET'])
    const { err } = await verbs.run('web --redirect a:https://me:hunter2@example.org/')
    expect(err).toContain('holds a name or a password')
    expect(err).not.toContain('hunter2')
  })

  it('logs requests below the files of the site, or nowhere', async () => {
    await verbs.run('web --http-log logs/httpd.log')
    expect(await shown()).toMatchObject({ httpLog: join(verbs.directory, 'files/logs/httpd.log') })
    for (const path of ['/etc/passwd', '../db.sqlite', '.', 'account/x', 'app/notes.axiom/db.sqlite', 'server.pem'])
      expect([path, refused({ httpLog: path })]).toMatchObject([path, { code: 'HTTP_LOG_PLACE' }])
    expect(await refusal('web --http-log /etc/passwd')).toEqual([2, 'HTTP_LOG_PLACE'])
    for (const nothing of ['none', '""']) {
      await verbs.run('web --http-log httpd.log')
      await verbs.run(`web --http-log ${nothing}`)
      expect(await shown()).toMatchObject({ httpLog: null })
    }
  })

  it('sets the public URL, and takes it away', async () => {
    await verbs.run('web --public-url https://example.org/')
    expect(await shown()).toMatchObject({ publicUrl: 'https://example.org' })
    expect(await refusal('web --public-url example.org')).toEqual([2, 'INVALID_URL'])
    await verbs.run('web --public-url none')
    expect(await shown()).toMatchObject({ publicUrl: null })
  })

  it('plans without changing anything, and changes all or nothing', async () => {
    const before = await shown()
    const { out } = await verbs.run('web --hostname example.net --redirect a:/b --dry-run --json')
    expect(JSON.parse(out)).toMatchObject({ status: 'planned', hostname: 'example.net' })
    expect(await shown()).toEqual(before)
    expect(await refusal('web --hostname example.net --redirect users:/b')).toEqual([4, 'PREFIX_TAKEN'])
  })
})

describe('offering frontpage', () => {
  it('behaviour 85: the front page can be switched to an offering, and back to all', async () => {
    expect(JSON.parse((await verbs.run('offering frontpage notes --json')).out)).toEqual({
      status: 'done',
      frontPage: 'notes',
    })
    verbs.change(site => {
      const { defaultApplication } = site.store.findUnique(FrontPage)
      expect(defaultApplication?.storeID).toBe(openAppStore(site, 'notes').idInParent)
    })
    expect((await verbs.run('offering frontpage')).out).toBe('frontPage\tnotes\n')
    expect(JSON.parse((await verbs.run('offering frontpage NOTES --json')).out)).toMatchObject({ status: 'already' })
    await verbs.run('offering frontpage --none')
    expect(verbs.change(({ store }) => store.findUnique(FrontPage).defaultApplication)).toBeNull()
  })

  it('needs an offering that is installed, and a front page', async () => {
    expect(await refusal('offering frontpage nonsense')).toEqual([3, 'OFFERING_NOT_INSTALLED'])
    const { err } = await verbs.run('offering frontpage --none --json', verbs.bareSite())
    expect(JSON.parse(err).error.code).toBe('NO_FRONT_PAGE')
    expect(await refusal('offering frontpage notes --none')).toEqual([2, 'USAGE'])
  })
})
