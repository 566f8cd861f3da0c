/**
 * The offering that makes a store a site: what `axiomatic mantissa` installs, without the SSH server.
 *
 * Its requirements are the configuration of the web server (with the login system that it depends on) and the pages
 * for visitors. Beyond them it writes, in the same transaction, the host name, the certificate, a port for HTTP and
 * one for TLS, and the front page.
 */
import { existsSync } from 'node:fs'
import {
  AnonymousSite,
  defineOffering,
  FrontPage,
  ISiteUrlGenerator,
  installOn,
  makeCertificate,
  SiteConfiguration,
  type SiteFacts,
  type SiteWriter,
  SslPort,
  type Store,
  TcpPort,
} from '../../index.js'

const HTTP_PORT = 8080
const TLS_PORT = 8443
const CERTIFICATE = 'server.pem'

export const mantissaBase = defineOffering({
  name: 'mantissa-base',
  description: 'Host name, HTTP and TLS ports, login and front page: what makes a store a site',
  version: '1.0.0',
  siteRequirements: [{ face: ISiteUrlGenerator, itemClass: SiteConfiguration }, { itemClass: AnonymousSite }],
  itemTypes: [FrontPage, TcpPort, SslPort],
  prepareSite,
})

/** The certificate takes some milliseconds and is made before the site is locked. */
async function prepareSite({ hostname = 'localhost' }: SiteFacts): Promise<SiteWriter> {
  const certificate = await makeCertificate({ names: [hostname, `www.${hostname}`] })
  return siteStore => {
    const configuration = siteStore.findUnique(SiteConfiguration)
    configuration.hostname = hostname
    const certificatePath = ensureCertificate(siteStore, certificate)
    install(siteStore, siteStore.create(TcpPort, { portNumber: HTTP_PORT, factory: configuration }))
    install(siteStore, siteStore.create(SslPort, { portNumber: TLS_PORT, factory: configuration, certificatePath }))
    install(siteStore, siteStore.create(FrontPage, {}))
  }
}

function install(siteStore: Store, powerup: TcpPort | SslPort | FrontPage): void {
  installOn(powerup, siteStore)
}

/** One that is there is kept: somebody may have bought it. Readable by the owner only, since the key is in it. */
function ensureCertificate(siteStore: Store, pem: string): string {
  const path = siteStore.filePath(CERTIFICATE)
  if (existsSync(path)) return path
  const file = siteStore.newFile(CERTIFICATE)
  file.write(pem)
  return file.close()
}
