/**
 * The rows of an account, in both stores: read as plain data, written, compared, removed. Everything here is one
 * store's affair and to be called inside a transaction of that store; keeping two stores in step is the deeds' work.
 */

import { removeHook } from '../scheduling/parent-hook.js'
import { hasAdminTables } from '../site/admin-tables.js'
import { directoryOf, type StoreSegments } from '../site/layout.js'
import type { Site } from '../site/site.js'
import type { Store } from '../store-engine/store.js'
import { SubStore } from '../store-engine/sub-store.js'
import { type AccountRecord, type MethodRecord, methodKey, sameMethod } from './account-record.js'
import { NoAccountInStoreError, StoreHasAccountError } from './errors.js'
import './login-upgrades.js'
import { LoginAccount } from './login-account.js'
import { LoginMethod } from './login-method.js'
import { endSessionsOf } from './sessions/end-sessions.js'

/** An account and its methods as plain data; `account` may be of a site's or a user's store. */
export function readAccountRecord(site: Site | Store, account: LoginAccount): AccountRecord {
  const store = 'store' in site ? site.store : site
  return {
    passwordHash: account.passwordHash,
    disabled: account.isDisabled,
    methods: methodsOf(store, account).map(asRecord),
  }
}

/** An account's methods, the oldest first. */
export function methodsOf(store: Store, account: LoginAccount): readonly LoginMethod[] {
  const where = LoginMethod.account.equals(account)
  return store.query(LoginMethod, { where, sort: LoginMethod.storeID.ascending }).toArray()
}

/** A stored method as plain data. */
export function asRecord(method: LoginMethod): MethodRecord {
  const { localpart, domain, protocol, internal, verified } = method
  return { localpart, domain, protocol, internal, verified }
}

/** The store of a site's account; undefined where the account stands for something else. */
export function subStoreOf(account: LoginAccount): SubStore | undefined {
  const { avatars } = account
  return avatars instanceof SubStore ? avatars : undefined
}

/**
 * Writes what a site holds for a user, in the original's order: substore, account, methods. The directory is the
 * caller's affair, and so is making sure that the names are free.
 */
export function insertAccountRows(siteStore: Store, record: AccountRecord, segments: StoreSegments): LoginAccount {
  const avatars = siteStore.create(SubStore, { storepath: directoryOf(siteStore, segments) })
  const account = siteStore.create(LoginAccount, {
    avatars,
    disabled: record.disabled ? 1 : 0,
    passwordHash: record.passwordHash,
  })
  for (const method of record.methods) siteStore.create(LoginMethod, { ...method, account })
  return account
}

/** Takes out of a site everything that it holds for an account: hook, substore, sessions, methods, endowments, rights. */
export function removeAccountRows(siteStore: Store, account: LoginAccount): void {
  const subStore = subStoreOf(account)
  if (subStore !== undefined) {
    removeHook(siteStore, subStore)
    subStore.close()
    subStore.deleteFromStore()
  }
  if (hasAdminTables(siteStore)) {
    for (const table of ['mantissa_endowment', 'mantissa_rights_withheld'])
      siteStore.sql.run(`DELETE FROM ${table} WHERE account_id = ?`, account.storeID)
  }
  endSessionsOf(siteStore, account)
  for (const method of methodsOf(siteStore, account)) method.deleteFromStore()
  account.deleteFromStore()
}

/**
 * A user's store as it begins: the account, standing for the store itself, and its methods.
 *
 * @throws StoreHasAccountError; a store is one account's only, and this one is left as it is.
 */
export function fillUserStore(userStore: Store, record: AccountRecord): LoginAccount {
  if (userStore.findFirst(LoginAccount) !== undefined) throw new StoreHasAccountError(userStore.directory)
  const account = userStore.create(LoginAccount, {
    avatars: userStore,
    disabled: record.disabled ? 1 : 0,
    passwordHash: record.passwordHash,
  })
  for (const method of record.methods) userStore.create(LoginMethod, { ...method, account })
  return account
}

/** The one account of a user's store. @throws NoAccountInStoreError for none and for several. */
export function accountOfUserStore(userStore: Store): LoginAccount {
  const count = countAccountRows(userStore)
  const account = count === 1 ? userStore.findFirst(LoginAccount) : undefined
  if (account === undefined) throw new NoAccountInStoreError(userStore.directory, count)
  return account
}

/** Of all versions, before any is upgraded: that hashes a password for each, and a stranger's store may hold millions. */
function countAccountRows(userStore: Store): number {
  const versions = userStore.typesOnDisk().filter(type => type.typeName === LoginAccount.itemType.typeName)
  return versions.reduce((sum, type) => sum + userStore.countOf(type), 0)
}

/**
 * Makes the copy in a user's store say what `record` says. Rows that are right already are not touched and keep their
 * storeIDs; a method that is missing is added, one too many is removed. A store that has lost its account gets one.
 *
 * @throws NoAccountInStoreError for a store with several accounts; it is not changed.
 */
export function mergeAccountIntoUserStore(userStore: Store, record: AccountRecord): LoginAccount {
  return userStore.transact(() => {
    if (userStore.findFirst(LoginAccount) === undefined) return fillUserStore(userStore, record)
    const account = accountOfUserStore(userStore)
    const disabled = record.disabled ? 1 : 0
    if (account.avatars !== userStore) account.avatars = userStore
    if (account.disabled !== disabled) account.disabled = disabled
    if (account.passwordHash !== record.passwordHash) account.passwordHash = record.passwordHash
    mergeMethods(userStore, account, record.methods)
    return account
  })
}

/** First what is equal, then what has the same address and protocol: the original allowed such twins. */
function mergeMethods(userStore: Store, account: LoginAccount, wanted: readonly MethodRecord[]): void {
  const missing = [...wanted]
  const different = userStore
    .query(LoginMethod)
    .toArray()
    .filter(method => {
      const record = asRecord(method)
      return method.account !== account || takeFrom(missing, other => sameMethod(record, other)) === undefined
    })
  for (const method of different) {
    const key = methodKey(asRecord(method))
    const target = takeFrom(missing, other => methodKey(other) === key)
    if (target === undefined) method.deleteFromStore()
    else Object.assign(method, target, { account })
  }
  for (const method of missing) userStore.create(LoginMethod, { ...method, account })
}

function takeFrom<T>(list: T[], matches: (element: T) => boolean): T | undefined {
  const index = list.findIndex(matches)
  return index < 0 ? undefined : list.splice(index, 1)[0]
}
