import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import '../../../src/accounts/recoveries.js'
import { createAccount } from '../../../src/accounts/create-account.js'
import { installLoginSystem } from '../../../src/accounts/login-system.js'
import { parseAddress } from '../../../src/base/address.js'
import { createSiteStore } from '../../../src/site/site.js'
import { Store } from '../../../src/store-engine/store.js'
import { checkSite } from '../../../src/upkeep/check/check-site.js'
import type { Finding } from '../../../src/upkeep/check/finding.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

/** A sound site with the users alice and bob, closed, to be broken. */
export interface SmallSite {
  readonly directory: string
  readonly alice: string
  readonly bob: string
}

export const ALICE = 'files/account/example.com/alice.axiom'
export const BOB = 'files/account/example.com/bob.axiom'

export function smallSite(): SmallSite {
  const directory = join(temporaryDirectory(), 'site.axiom')
  using site = createSiteStore(directory)
  installLoginSystem(site.store)
  for (const name of ['alice', 'bob'])
    createAccount(site, { address: parseAddress(`${name}@example.com`), passwordHash: null })
  return { directory, alice: join(directory, ALICE), bob: join(directory, BOB) }
}

/** Runs statements with bare SQLite. */
export function bareSql(store: string, ...statements: readonly string[]): void {
  const database = new Database(join(store, 'db.sqlite'))
  database.pragma('foreign_keys = OFF')
  for (const statement of statements) database.exec(statement)
  database.close()
}

/** Bare SQLite that stays open until the test ends. */
export function holdBare(store: string): Database.Database {
  const database = new Database(join(store, 'db.sqlite'))
  onTestFinished(() => void database.close())
  return database
}

/** Works on a store through the engine, as a sound program does. */
export function withEngine(directory: string, work: (store: Store) => void): void {
  using store = Store.open(directory)
  store.transact(() => work(store))
}

/** All findings, looked for in this thread. */
export async function findingsIn(directory: string, options: { readonly full?: boolean } = {}): Promise<Finding[]> {
  const found: Finding[] = []
  const check = { jobs: 0, full: options.full ?? false, now: Date.now(), busyTimeout: 50 }
  for await (const finding of checkSite(directory, check)) found.push(finding)
  return found
}

export async function codesIn(directory: string): Promise<string[]> {
  return (await findingsIn(directory)).map(({ code }) => code)
}

/** Every row of every table of a store, as text, by table. */
export function rowsOf(store: string): Record<string, readonly string[]> {
  const database = new Database(join(store, 'db.sqlite'), { readonly: true })
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[]
  const text = (_key: string, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
  const rows = tables.map(table => {
    const all = database.prepare(`SELECT * FROM "${table}"`).safeIntegers().all()
    return [table, all.map(row => JSON.stringify(row, text)).sort()] as const
  })
  database.close()
  return Object.fromEntries(rows)
}

export function makeDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
}
