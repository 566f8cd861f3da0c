import { BlockList, isIP } from 'node:net'
import { readSetting, TRUSTED_PROXIES } from '../../site/settings.js'
import type { Site } from '../../site/site.js'
import { badProxy } from './web-errors.js'

/** What is set, whether or not it can be used. */
export function readTrustedProxies(site: Site): readonly string[] {
  const told = readSetting<readonly string[]>(site, TRUSTED_PROXIES, [])
  return Array.isArray(told) ? told.map(String) : []
}

/** Whether a text is a network address, a network such as `10.0.0.0/8`, or `loopback`. */
export function isNetwork(text: string): boolean {
  if (text === 'loopback') return true
  const [address = '', length, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128))
}

/** @throws InvalidInputError (`PROXY_INVALID`) */
export function assertNetworks(texts: readonly string[]): void {
  for (const text of texts) if (!isNetwork(text)) throw badProxy(text)
}

/** Whether whoever is at `address` speaks for others. What is set and cannot be used counts for nothing. */
export function isTrustedProxy(site: Site, address: string): boolean {
  return trustIn(readTrustedProxies(site))(address)
}

/**
 * The same for many addresses: those of the networks, of which what cannot be used counts for nothing. A connection at a
 * socket in the file system has no address; it is of this machine, as those from 127.0.0.1 are.
 */
export function trustIn(networks: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList()
  for (const text of networks) if (isNetwork(text)) addNetwork(list, text)
  return (address = '127.0.0.1') => isIP(address) !== 0 && list.check(address, familyOf(address))
}

function addNetwork(list: BlockList, text: string): void {
  if (text === 'loopback') {
    for (const each of ['127.0.0.0/8', '::1']) addNetwork(list, each)
    return
  }
  const [address = '', length] = text.split('/')
  if (length === undefined) list.addAddress(address, familyOf(address))
  else list.addSubnet(address, Number(length), familyOf(address))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
