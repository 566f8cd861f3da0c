import type { Address } from '../base/address.js'
import { formatAddress } from '../base/address.js'
import { ConflictError, NotFoundError } from '../base/errors.js'
import { addressKey } from '../site/reservations.js'
import { Site } from '../site/site.js'
import type { Store } from '../store-engine/store.js'
import { type MethodRecord, methodKey, nameOfAccount } from './account-record.js'
import { asRecord, methodsOf, readAccountRecord } from './account-rows.js'
import { takenError } from './address-free.js'
import { LoginAccount } from './login-account.js'
import { ANY_PROTOCOL, LoginMethod } from './login-method.js'
import { upgradeAccounts } from './login-upgrades.js'
import { changeAccount } from './sync-user-store.js'

/**
 * Gives an account one more address, in both stores. `account` may be the site's or the user's own copy.
 *
 * @returns false when it has this method already, in whatever letter case.
 * @throws AddressNotFreeError when the address belongs to another account or is held; ConflictError
 *   (`LOGIN_METHOD_DIFFERS`) when this account has it for that protocol with other flags. Nothing is changed then.
 */
export function addLoginMethod(account: LoginAccount, method: MethodRecord): boolean {
  const { site, siteAccount } = siteSideOf(account)
  if (!mayAddLoginMethod(siteAccount, method)) return false
  changeAccount(site, siteAccount, () => {
    mayAddLoginMethod(siteAccount, method)
    site.store.create(LoginMethod, { ...method, ...spelledAs(siteAccount, method), account: siteAccount })
  })
  return true
}

/** How the account spells an address that it has for another protocol already. */
function spelledAs(account: LoginAccount, address: Address): Address {
  const own = methodsOf(account.store, account).map(asRecord)
  const { localpart, domain } = own.find(each => addressKey(each) === addressKey(address)) ?? address
  return { localpart, domain }
}

/** What {@link addLoginMethod} would return or throw; changes nothing. */
export function mayAddLoginMethod(account: LoginAccount, method: MethodRecord): boolean {
  const { site, siteAccount } = siteSideOf(account)
  const own = methodsOf(site.store, siteAccount).map(asRecord)
  const rival = own.find(existing => methodKey(existing) === methodKey(method))
  if (rival?.internal === method.internal && rival.verified === method.verified) return false
  if (rival !== undefined) throw new LoginMethodDiffersError(method)
  if (own.some(existing => addressKey(existing) === addressKey(method))) return true
  const error = takenError(site, method)
  if (error !== undefined) throw error
  return true
}

export interface RemovalOptions {
  /** Only for this protocol; without it, for all. */
  readonly protocol?: string
}

/**
 * Takes an address away from an account, in both stores.
 *
 * @returns the methods removed.
 * @throws NotFoundError (`NO_SUCH_LOGIN_METHOD`); ConflictError (`LAST_LOGIN_METHOD`), since an account without an
 *   address could not be found again. Nothing is changed then.
 */
export function removeLoginMethod(
  account: LoginAccount,
  address: Address,
  options: RemovalOptions = {},
): readonly MethodRecord[] {
  const { site, siteAccount } = siteSideOf(account)
  return changeAccount(site, siteAccount, () => {
    const removed = chooseMethodsToRemove(siteAccount, address, options)
    const records = removed.map(asRecord)
    for (const method of removed) method.deleteFromStore()
    return records
  })
}

/** The site's methods that {@link removeLoginMethod} would remove, or what it would throw; changes nothing. */
export function chooseMethodsToRemove(
  account: LoginAccount,
  address: Address,
  { protocol }: RemovalOptions = {},
): readonly LoginMethod[] {
  const { site, siteAccount } = siteSideOf(account)
  const all = methodsOf(site.store, siteAccount)
  const meant = all.filter(method => addressKey(asRecord(method)) === addressKey(address))
  const chosen = meant.filter(method => protocol === undefined || method.protocol === protocol)
  if (chosen.length === 0) throw new NoSuchLoginMethodError(siteAccount, address)
  if (chosen.length === all.length) throw new LastLoginMethodError(address)
  return chosen
}

/** The methods in a site's or user's store: all, or those that serve `protocol` (`*` serves every one). */
export function getLoginMethods(store: Store, protocol?: string): readonly LoginMethod[] {
  upgradeAccounts(store)
  const served = protocol === undefined ? undefined : LoginMethod.protocol.oneOf([protocol, ANY_PROTOCOL])
  return store.query(LoginMethod, { where: served }).toArray()
}

/** The names that a user's store is known under. */
export function getAccountNames(store: Store, protocol?: string): readonly Address[] {
  return getLoginMethods(store, protocol).map(({ localpart, domain }) => ({ localpart, domain }))
}

/** The domains that this site maintains: those of internal methods, sorted, each once. */
export function getDomainNames(store: Store): readonly string[] {
  upgradeAccounts(store)
  const internal = store.query(LoginMethod, { where: LoginMethod.internal.equals(true) })
  const domains = new Set<string>()
  for (const { domain } of internal) if (domain !== null) domains.add(domain)
  return [...domains].sort()
}

/** The site's row for an account that may be the copy in a user's store. */
function siteSideOf(account: LoginAccount): { site: Site; siteAccount: LoginAccount } {
  const { parent, idInParent } = account.store
  if (parent === null || idInParent === null) return { site: Site.of(account.store), siteAccount: account }
  const subStore = parent.getItemById(idInParent)
  const siteAccount = parent.findFirst(LoginAccount, LoginAccount.avatars.equals(subStore))
  if (siteAccount !== undefined) return { site: Site.of(parent), siteAccount }
  throw new NotFoundError(`the site has no account for ${account.store.directory}`, { code: 'NO_SUCH_USER' })
}

/** The account does not have that address; nothing was removed. */
export class NoSuchLoginMethodError extends NotFoundError {
  constructor(account: LoginAccount, address: Address) {
    const record = readAccountRecord(account.store, account)
    const own = [...new Set(record.methods.map(formatAddress))]
    super(`${nameOfAccount(record)} has no login method ${formatAddress(address)}`, {
      code: 'NO_SUCH_LOGIN_METHOD',
      hint: `it has ${own.join(', ')}`,
      details: { address: formatAddress(address), addresses: own },
    })
  }
}

/** It is the only address of its account; nothing was removed. */
export class LastLoginMethodError extends ConflictError {
  constructor(address: Address) {
    super(`${formatAddress(address)} is the only address of its account`, {
      code: 'LAST_LOGIN_METHOD',
      hint: 'add another one first, or remove the account with: mantissa userdel',
      details: { address: formatAddress(address) },
    })
  }
}

/** The account has that address for that protocol, with other flags; it was left as it is. */
export class LoginMethodDiffersError extends ConflictError {
  constructor(method: MethodRecord) {
    super(`the account has ${formatAddress(method)} for protocol ${method.protocol} already, with other flags`, {
      code: 'LOGIN_METHOD_DIFFERS',
      hint: `remove it first: mantissa login-method remove ${formatAddress(method)} ${formatAddress(method)}`,
      details: { address: formatAddress(method), protocol: method.protocol },
    })
  }
}
