import { createHash } from 'node:crypto'
import { foldCase } from '../../base/address.js'
import { BusyError } from '../../base/errors.js'
import { networkOf } from '../../base/network-address.js'
import type { Site } from '../../site/site.js'
import { roomAfter } from './attempt-limits.js'
import { addFailure, type CountedKey, forgetFailures, readFailures } from './attempt-rows.js'

/** Somebody who tries to log in. */
export interface Attempt {
  /** As it was typed, with its domain. */
  readonly name: string
  /** Network address. */
  readonly from: string
  /** A browser that has shown to belong to the owner of the name; see {@link recogniseBrowser}. */
  readonly browser?: string | undefined
}

/** An attempt that may be made; it is told how it ended, and let go in any case. */
export interface PermittedAttempt extends Disposable {
  /** Forgets the failures of the name and the browser; part of a transaction. Those of the network address stay. */
  noteSuccess(): void
  /** Part of a transaction. */
  noteFailure(): void
}

/** The attempts at one site. Failures are rows, so a restart forgives none; what is under way is known here only. */
export class LoginAttempts {
  readonly #site: Site
  readonly #underWay = new Map<string, number>()

  constructor(site: Site) {
    this.#site = site
  }

  /** @throws TooManyAttemptsError, without having looked whether anybody has that name. */
  begin(attempt: Attempt): PermittedAttempt {
    const keys = keysOf(attempt)
    for (const key of keys) this.#assertPermitted(key)
    for (const key of keys) this.#count(key, +1)
    const [who] = keys
    return {
      noteSuccess: () => forgetFailures(this.#site, who),
      noteFailure: () => keys.forEach(key => void addFailure(this.#site, key)),
      [Symbol.dispose]: () => keys.forEach(key => void this.#count(key, -1)),
    }
  }

  #assertPermitted(key: CountedKey): void {
    const { failures, blockedUntil } = readFailures(this.#site, key)
    const wait = blockedUntil - this.#site.clock()
    if (wait > 0n) throw new TooManyAttemptsError(Number((wait + 999_999n) / 1_000_000n))
    if ((this.#underWay.get(textOf(key)) ?? 0) >= roomAfter(key.counted, failures)) throw new TooManyAttemptsError(2)
  }

  #count(key: CountedKey, change: 1 | -1): void {
    const count = (this.#underWay.get(textOf(key)) ?? 0) + change
    if (count > 0) this.#underWay.set(textOf(key), count)
    else this.#underWay.delete(textOf(key))
  }
}

/** It was tried too often lately; the password was not looked at. */
export class TooManyAttemptsError extends BusyError {
  /** In how many seconds it may be tried again. */
  readonly seconds: number

  constructor(seconds: number) {
    super(`too many logins have failed lately; the next can be tried in ${seconds} s`, {
      code: 'TOO_MANY_ATTEMPTS',
      hint: 'wait, or log in with a browser in which it has worked before',
      details: { seconds },
    })
    this.seconds = seconds
  }
}

/** First who is tried, then from where. Names are hashed: people type passwords into the wrong field. */
function keysOf({ name, from, browser }: Attempt): readonly [CountedKey, CountedKey] {
  const hashed = createHash('sha256')
    .update(foldCase(name.normalize('NFC')))
    .digest('base64url')
  return [
    browser === undefined ? { counted: 'name', key: hashed } : { counted: 'browser', key: `${hashed} ${browser}` },
    { counted: 'address', key: networkOf(from) },
  ]
}

function textOf({ counted, key }: CountedKey): string {
  return `${counted} ${key}`
}
