import type { ServiceHost } from '../offerings/services.js'
import { isNetwork, readTrustedProxies, trustIn } from '../offerings/web-settings/trusted-proxies.js'

/**
 * Whose word counts that they ask for somebody else. Without the setting nobody's: a stranger who writes such headers
 * would choose the address under which their failed logins are counted. Read when the application is built.
 */
export function trustedProxies({ site, log }: ServiceHost): false | ((address: string) => boolean) {
  const told = readTrustedProxies(site)
  for (const each of told)
    if (!isNetwork(each))
      log.error({ proxy: each }, 'a trusted proxy is neither an address nor a network and is not trusted')
  return told.some(isNetwork) && trustIn(told)
}
