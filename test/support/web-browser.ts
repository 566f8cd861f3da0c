import { createAccount } from '../../src/accounts/create-account.js'
import { findAccountByAddress } from '../../src/accounts/find-account.js'
import { beginSession } from '../../src/accounts/sessions/begin-session.js'
import { parseAddress } from '../../src/base/address.js'
import type { Site } from '../../src/site/site.js'

/** Of the password `password`, with parameters that cost nothing. */
export const CHEAP_HASH = '$argon2id$v=19$m=8,t=1,p=1$obVh/+LHiXzNX4ioeHI1LA$I5n3g9n+b7Gkx4tEKbQp2w'

export interface WebAnswer {
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

/** A visitor with cookies, who follows no redirects and runs no scripts. */
export class WebBrowser {
  readonly url: string
  readonly cookies = new Map<string, string>()

  constructor(url: string) {
    this.url = url
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<WebAnswer> {
    return this.#ask(path, { headers })
  }

  /** Opens the page at `from`, takes the token of its form, and posts `fields` to `path`. */
  async submit(from: string, path: string, fields: Record<string, string>): Promise<WebAnswer> {
    const { text } = await this.get(from)
    const [, token = ''] = /name="_csrf" value="([^"]*)"/.exec(text) ?? []
    return this.post(path, { _csrf: token, ...fields })
  }

  async post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<WebAnswer> {
    return this.#ask(path, { method: 'POST', body: new URLSearchParams(fields), headers })
  }

  async #ask(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<WebAnswer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(cookie === '' ? {} : { cookie }), ...init.headers }
    const answer = await fetch(this.url + path, { ...init, headers, redirect: 'manual' })
    for (const set of answer.headers.getSetCookie()) this.#keep(set)
    return { status: answer.status, text: await answer.text(), headers: answer.headers }
  }

  #keep(set: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
    if (/;\s*Max-Age=0/i.test(set)) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}

/** A visitor who has logged in as `address`; the account is made where there is none. No password is hashed. */
export function loggedIn({ site, url }: { site: Site; url: string }, address: string): WebBrowser {
  const parsed = parseAddress(address)
  const account =
    findAccountByAddress(site, parsed) ?? createAccount(site, { address: parsed, passwordHash: CHEAP_HASH })
  const browser = new WebBrowser(url)
  browser.cookies.set('mantissa-session', beginSession(site, account, 'browser'))
  return browser
}
