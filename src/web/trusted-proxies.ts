import { isIP } from 'node:net'
import type { ServiceHost } from '../offerings/services.js'
import { readSetting, TRUSTED_PROXIES } from '../site/settings.js'

/**
 * Whose word counts that they ask for somebody else. Without the setting nobody's: a stranger who writes such headers
 * would choose the address under which their failed logins are counted. Read when the application is built.
 */
export function trustedProxies({ site, log }: ServiceHost): string[] | false {
  const told = readSetting<readonly string[]>(site, TRUSTED_PROXIES, [])
  const usable = told.filter(isNetwork)
  for (const each of told)
    if (!usable.includes(each))
      log.error({ proxy: each }, 'a trusted proxy is neither an address nor a network and is not trusted')
  return usable.length === 0 ? false : usable
}

function isNetwork(text: string): boolean {
  if (text === 'loopback') return true
  const [address = '', length, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128))
}
