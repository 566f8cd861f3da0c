import { subStoreOf } from '../../src/accounts/account-rows.js'
import { findAccountByAddress } from '../../src/accounts/find-account.js'
import type { LoginAccount } from '../../src/accounts/login-account.js'
import { parseAddress } from '../../src/base/address.js'
import { notes } from '../../src/bundled/notes/offering.js'
import { endow } from '../../src/offerings/endow.js'
import type { Store } from '../../src/store-engine/store.js'
import { type StartedSite, startSite } from './started-site.js'
import { loggedIn, type WebBrowser } from './web-browser.js'

/** A site with notes that is served, and people who may keep some; nobody's password is hashed. */
export async function startNotesSite(...addresses: readonly string[]): Promise<NotesSite> {
  const started = await startSite({ offerings: ['notes'] })
  const people = addresses.map(address => loggedIn(started, address))
  for (const address of addresses) endow(started.site, accountOf(started, address), notes)
  return { ...started, people: people as unknown as NotesSite['people'] }
}

export interface NotesSite extends StartedSite {
  /** Browsers in which they have logged in. */
  readonly people: readonly [WebBrowser, WebBrowser]
}

export function accountOf({ site }: StartedSite, address: string): LoginAccount {
  const account = findAccountByAddress(site, parseAddress(address))
  if (account === undefined) throw new Error(`there is no ${address}`)
  return account
}

/** What somebody has stored. */
export function storeOf(started: StartedSite, address: string): Store {
  const store = subStoreOf(accountOf(started, address))?.open()
  if (store === undefined) throw new Error(`${address} has no store`)
  return store
}

/** Somebody's first page of notes. */
export async function notesOf(browser: WebBrowser): Promise<string> {
  const { text } = await browser.get('/private/')
  const [, path] = /<a href="(\/private\/[0-9a-f]{16})">Notes<\/a>/.exec(text) ?? []
  if (path === undefined) throw new Error(`there is no tab: ${text}`)
  return path
}

/** Writes a note as its owner does, and returns its address. */
export async function writeNote(browser: WebBrowser, fields: Record<string, string>): Promise<string> {
  const home = await notesOf(browser)
  const { status, text, headers } = await browser.submit(`${home}?new=`, `${home}/write`, fields)
  const path = headers.get('location')
  if (status !== 303 || path === null) throw new Error(`${status}: ${text}`)
  return path
}
