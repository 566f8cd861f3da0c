import { InvalidInputError, NotFoundError } from '../base/errors.js'
import type { Store } from '../store-engine/store.js'
import { ApiKey } from './site-items/static-content.js'

/** The shortest key of which the end is shown: less would be too much of it. */
const LONG = 16

/** In characters. */
const LONGEST_NAME = 200
const LONGEST_KEY = 65_536

/** What may be told of a key: that it is there, and of a long one how it ends. */
export interface MaskedKey {
  readonly name: string
  /** `…` and, for 16 characters or more, the last four. */
  readonly masked: string
}

/** The site's key for a service of somebody else; undefined where nobody has set it. Letters compare without case. */
export function getApiKey(siteStore: Store, name: string): string | undefined {
  return siteStore.findFirst(ApiKey, ApiKey.apiName.equals(name))?.apiKey
}

/** Says whether that changed anything. One value for each name, overwritten in place, as the original does. */
export function setApiKey(siteStore: Store, name: string, key: string): boolean {
  return siteStore.transact(() => {
    const known = siteStore.findFirst(ApiKey, ApiKey.apiName.equals(name))
    if (known?.apiKey === key) return false
    if (known === undefined) siteStore.create(ApiKey, { apiName: name, apiKey: key })
    else known.apiKey = key
    return true
  })
}

/** By name. */
export function listApiKeys(siteStore: Store): readonly MaskedKey[] {
  return siteStore
    .query(ApiKey, { sort: ApiKey.apiName.ascending })
    .toArray()
    .map(each => ({ name: each.apiName, masked: masked(each.apiKey) }))
}

/** @throws NotFoundError (`API_KEY_NOT_FOUND`) */
export function assertApiKey(siteStore: Store, name: string): void {
  if (siteStore.findFirst(ApiKey, ApiKey.apiName.equals(name)) !== undefined) return
  throw new NotFoundError(`there is no API key ${name}`, {
    code: 'API_KEY_NOT_FOUND',
    hint: 'see: mantissa api-key list',
    details: { name },
  })
}

/** @throws NotFoundError (`API_KEY_NOT_FOUND`) */
export function removeApiKey(siteStore: Store, name: string): void {
  siteStore.transact(() => {
    assertApiKey(siteStore, name)
    siteStore.query(ApiKey, { where: ApiKey.apiName.equals(name) }).deleteFromStore()
  })
}

/** @throws InvalidInputError for what nobody could name again. */
export function parseApiName(text: string): string {
  if (text.trim() !== '' && text.length <= LONGEST_NAME && !/\p{Cc}/u.test(text) && text.isWellFormed()) return text
  throw new InvalidInputError(`${JSON.stringify(text)} cannot be the name of a key`, {
    hint: 'call it like the service',
  })
}

/** A key as it was typed or lies in a file, without the end of its last line. @throws InvalidInputError */
export function parseApiKey(text: string): string {
  const key = text.replace(/\s+$/, '')
  const hint = 'look whether it is the right file'
  if (key === '') throw new InvalidInputError('the key is empty', { hint })
  if (key.length > LONGEST_KEY) throw new InvalidInputError(`the key has more than ${LONGEST_KEY} characters`, { hint })
  if (/[^\P{Cc}\n\r\t]|\ufffd/u.test(key)) throw new InvalidInputError('the key is no text', { hint })
  return key
}

function masked(key: string): string {
  const shown = [...key].length < LONG ? '' : [...key].slice(-4).join('')
  return `…${shown}`
}
