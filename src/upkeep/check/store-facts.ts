import type { Connection } from '../../store-engine/database/connection.js'
import { quoteName, type SqlRow, type SqlValue } from '../../store-engine/database/sql-value.js'
import type { Fault } from './finding.js'
import type { ItemTable } from './schema-on-disk.js'
import type { ExpectedAccount, StoreUnderCheck } from './store-under-check.js'

/** Rows of the account's copy that are read at most; a sound store has one account and a few addresses. */
const MOST = 1000

const ACCOUNT = ['avatars', 'disabled', 'passwordHash']
const METHOD = ['account', 'localpart', 'domain', 'protocol', 'internal', 'verified']

/** What a store says of its account and its next event, held against what the site says. */
export class FactReader {
  readonly #accounts: string | undefined
  readonly #methods: string | undefined
  readonly #earliestEvent: string | undefined
  readonly #oldAccounts: readonly string[]

  constructor(tables: readonly ItemTable[]) {
    this.#accounts = selectFrom(tables, 'login', { version: 3, columns: ACCOUNT })
    this.#methods = selectFrom(tables, 'login_method', { version: 2, columns: METHOD })
    const events = tables.find(({ typeName, version }) => typeName === 'timed_event' && version === 1)
    this.#earliestEvent = events && `SELECT min(time) FROM ${quoteName(events.table)}`
    this.#oldAccounts = tables.filter(isOldAccount).map(({ table }) => `SELECT 1 FROM ${quoteName(table)} LIMIT 1`)
  }

  /** Accounts of older versions are upgraded before anything is compared. */
  faults(connection: Connection, store: StoreUnderCheck): readonly Fault[] {
    const all = (sql: string | undefined) => (sql === undefined ? [] : connection.prepare(sql).all())
    const [event = null] = store.tick === undefined ? [] : (all(this.#earliestEvent)[0] ?? [])
    const hooks = store.tick === undefined ? [] : hookFaults(event, store.tick)
    if (store.account === null || this.#oldAccounts.some(sql => all(sql).length > 0)) return hooks
    return [...copyFaults(all(this.#accounts), all(this.#methods), store.account), ...hooks]
  }
}

export function isOldAccount({ typeName, version }: Pick<ItemTable, 'typeName' | 'version'>): boolean {
  return (typeName === 'login' && version < 3) || (typeName === 'login_method' && version < 2)
}

function selectFrom(
  tables: readonly ItemTable[],
  typeName: string,
  { version, columns }: { readonly version: number; readonly columns: readonly string[] },
): string | undefined {
  const found = tables.find(each => each.typeName === typeName && each.version === version)
  const names = found?.attributes.map(({ name }) => name) ?? []
  if (found === undefined || !columns.every(name => names.includes(name))) return undefined
  return `SELECT ${['oid', ...columns].join(', ')} FROM ${quoteName(found.table)} LIMIT ${MOST}`
}

function copyFaults(accounts: readonly SqlRow[], methods: readonly SqlRow[], expected: ExpectedAccount): Fault[] {
  const [account, ...others] = accounts
  if (account === undefined) {
    const message = 'the store holds no copy of its account, without which it cannot be moved'
    return [{ code: 'ACCOUNT_COPY_MISSING', message, repair: 'write the copy as the site has it' }]
  }
  if (others.length > 0) {
    const message = `the store holds ${accounts.length} accounts; it can be one account's only`
    return [{ code: 'ACCOUNT_COPY_AMBIGUOUS', message }]
  }
  const differing = differences(account, methods, expected)
  if (differing.length === 0) return []
  const message = `the copy of the account in the store differs from the site: ${differing.join(', ')}`
  return [{ code: 'ACCOUNT_COPY_DIFFERS', message, repair: 'write the copy as the site has it' }]
}

/** In words; never a value, since one of them is a password hash. */
function differences(account: SqlRow, methodRows: readonly SqlRow[], expected: ExpectedAccount): string[] {
  const [storeID, avatars, ...values] = account
  const methods = methodRows.map(([, owner, ...rest]) => plain(owner === storeID ? rest : ['', ...rest]))
  const isSame = JSON.stringify(plain(values)) === expected.account && JSON.stringify(methods) === expected.methods
  if (isSame && avatars === -1n) return []
  const [disabled, hash] = JSON.parse(expected.account) as unknown[]
  return [
    avatars === -1n ? '' : 'whom it stands for',
    (values[0] !== 0n) === (disabled !== 0) ? '' : 'whether it is disabled',
    values[1] === hash ? '' : 'password',
    sameElements(methods, JSON.parse(expected.methods) as unknown[]) ? '' : 'addresses',
  ].filter(Boolean)
}

function plain(values: SqlRow): unknown[] {
  return values.map(value => (typeof value === 'bigint' ? Number(value) : value))
}

/** In whatever order. */
function sameElements(some: readonly unknown[], others: readonly unknown[]): boolean {
  const textOf = (list: readonly unknown[]) => JSON.stringify(list.map(each => JSON.stringify(each)).sort())
  return textOf(some) === textOf(others)
}

function hookFaults(event: SqlValue, tick: string | null): Fault[] {
  if (typeof event !== 'bigint' || (tick !== null && BigInt(tick) <= event)) return []
  const repair = 'make the site look when the first event is due'
  if (tick === null)
    return [{ code: 'HOOK_MISSING', message: 'the store has timed events, and the site will never look', repair }]
  return [{ code: 'HOOK_LATE', message: 'the site looks for timed events after the first is due', repair }]
}
