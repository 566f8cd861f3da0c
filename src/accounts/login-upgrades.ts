/**
 * Accounts as older versions of the original wrote them.
 *
 * - version 1 of `login` carried one name and a plain password; the name becomes a login method, in the site's store
 *   and in the user's, which had neither account nor method;
 * - version 2 carried a plain password; it becomes a hash and is erased;
 * - version 1 of `login_method` had the columns of version 2.
 *
 * The user's store is changed while the site's transaction is open. Should that fail, the site is as it was and the
 * next attempt finds the user's account in place.
 */
import { hashSync } from '@node-rs/argon2'
import { Store } from '../store-engine/store.js'
import { SubStore } from '../store-engine/sub-store.js'
import type { LegacyItem } from '../store-engine/upgrades/legacy-item.js'
import { registerUpgrader } from '../store-engine/upgrades/upgrade.js'
import { LoginAccount } from './login-account.js'
import { LoginMethod } from './login-method.js'
import { HASH_PARAMETERS } from './password.js'

registerUpgrader({ typeName: 'login', from: 1, to: 2, upgrade: upgradeLogin1, after: giveMethods })
registerUpgrader({ typeName: 'login', from: 2, to: 3, upgrade: upgradeLogin2 })
registerUpgrader({ typeName: 'login_method', from: 1, to: 2, upgrade: ({ values }) => ({ ...values }) })

function upgradeLogin1({ values }: LegacyItem): Record<string, unknown> {
  const { avatars, disabled, password } = values
  return { avatars, disabled, password: decode(password) }
}

function giveMethods(account: LoginAccount, legacy: LegacyItem): void {
  const { username, domain, avatars } = legacy.values
  const name = { localpart: String(username), domain: domain === null ? null : String(domain) }
  account.store.create(LoginMethod, { ...name, ...FLAGS, account })
  if (avatars !== -1) giveUserStoreItsAccount(legacy, name)
}

function upgradeLogin2({ values }: LegacyItem): Record<string, unknown> {
  const { avatars, disabled, password } = values
  return { avatars, disabled, password: null, passwordHash: typeof password === 'string' ? hashNow(password) : null }
}

/**
 * To be called before login methods are asked for: the oldest stores have none until their accounts are upgraded.
 * Costs nothing in any other store.
 */
export function upgradeAccounts(store: Store): void {
  store.engine.findTable(LoginAccount)
}

interface Name {
  readonly localpart: string
  readonly domain: string | null
}

const FLAGS = { protocol: 'email', internal: false, verified: true } as const

function giveUserStoreItsAccount({ store, values }: LegacyItem, name: Name): void {
  const subStore = store.findItemById(Number(values['avatars']))
  if (!(subStore instanceof SubStore) || !Store.exists(subStore.storepath ?? '')) return
  subStore.use(userStore => {
    userStore.transact(() => {
      if (userStore.findFirst(LoginAccount) !== undefined) return
      const password = decode(values['password'])
      const passwordHash = password === null ? null : hashNow(password)
      const disabled = Number(values['disabled'] ?? 0)
      const account = userStore.create(LoginAccount, { avatars: userStore, disabled, passwordHash })
      userStore.create(LoginMethod, { ...name, ...FLAGS, account })
    })
  })
}

/** Version 1 kept bytes. What is no UTF-8 was no password that anybody could type. */
function decode(password: unknown): string | null {
  if (!(password instanceof Uint8Array)) return typeof password === 'string' ? password : null
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(password)
  } catch {
    return null
  }
}

function hashNow(password: string): string {
  return hashSync(password, HASH_PARAMETERS)
}
