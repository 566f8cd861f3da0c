/**
 * Everything that a site consists of, looked at in one pass: its own store, what its rows say, its directories and
 * journals, and every store that it names, in several threads.
 *
 * Nothing is changed, no lock is held for longer than one store's check takes, and nothing needs the site to be openable:
 * where its database is damaged, the stores that lie on the disk are checked all the same. What is going on meanwhile may
 * look like damage for a moment (a directory that is being moved away, a password that one store has and the other not
 * yet), so such findings are looked at again before they are told.
 */
import { realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { foldCase } from '../../base/address.js'
import { MantissaError } from '../../base/errors.js'
import type { Connection } from '../../store-engine/database/connection.js'
import { openUntouched } from '../../store-engine/database/open-untouched.js'
import { NotAStoreError } from '../../store-engine/errors.js'
import { accountFindings } from './account-faults.js'
import { checkInThreads } from './check-pool.js'
import { type Finding, findingAt, SITE_ITSELF } from './finding.js'
import { journalFindings } from './journal-faults.js'
import { keyFindings } from './key-faults.js'
import { orphanedStores, placeFindings, storeDirectories } from './orphaned-stores.js'
import { SecondLook } from './second-look.js'
import { SiteRows } from './site-rows.js'
import { countNamedStores, findNamedStore, namedStores, nameOfStore } from './site-stores.js'
import type { CheckDepth, StoreUnderCheck } from './store-under-check.js'
import { temporaryFindings } from './temporary-faults.js'

export interface CheckOptions extends CheckDepth {
  /** Threads; with 0 everything is done in this one. */
  readonly jobs: number
  /** Milliseconds since 1970. */
  readonly now: number
  /** Only the store of this SubStore item. */
  readonly only?: number | undefined
  readonly onProgress?: ((checked: number, total: number) => void) | undefined
}

/**
 * The findings, those of the site itself first, then store by store in the order of their coming.
 *
 * @throws NotAStoreError where there is no site at all.
 */
export async function* checkSite(directory: string, options: CheckOptions): AsyncGenerator<Finding> {
  const site = realSite(directory)
  using opened = openRows(site)
  const { rows } = opened
  const named = new Set<string>()
  const look = new SecondLook(site, rows, options)
  const total = 1 + (rows === undefined ? 0 : countNamedStores(rows))
  const onChecked = (checked: number) => options.onProgress?.(checked, Math.max(total, checked))
  const found = checkInThreads(storesOf(site, rows, { named, only: options.only }), { ...options, onChecked })
  let toldOfSite = options.only !== undefined
  for await (const { store, report } of found) {
    if (store.store !== SITE_ITSELF.store && !toldOfSite) {
      yield* siteFindings(site, rows, options.now)
      toldOfSite = true
    }
    for (const fault of await look.at(store, report))
      yield findingAt({ store: store.store, address: nameOfStore(store) }, fault)
  }
  if (!toldOfSite) yield* siteFindings(site, rows, options.now)
  if (options.only === undefined) yield* orphanedStores(site, rows, named)
}

/** @throws NotAStoreError where the directory or its database is missing: then no site is damaged, there is none. */
function realSite(directory: string): string {
  const database = statSync(join(directory, 'db.sqlite'), { throwIfNoEntry: false })
  if (database?.isFile() === true) return realpathSync(directory)
  const found = statSync(directory, { throwIfNoEntry: false })
  throw new NotAStoreError(directory, found === undefined ? 'there is no such directory' : 'it holds no db.sqlite')
}

interface OpenedRows extends Disposable {
  /** Undefined where the site's database cannot be read; what is wrong with it, its own check tells. */
  readonly rows: SiteRows | undefined
}

function openRows(site: string): OpenedRows {
  let connection: Connection | undefined
  try {
    connection = openUntouched(site)
    const rows = new SiteRows(connection)
    return { rows, [Symbol.dispose]: () => rows.connection.close() }
  } catch (error) {
    connection?.close()
    if (error instanceof MantissaError) return { rows: undefined, [Symbol.dispose]() {} }
    throw error
  }
}

interface Selection {
  /** Filled with the folded paths of all stores that come. */
  readonly named: Set<string>
  readonly only: number | undefined
}

function* storesOf(site: string, rows: SiteRows | undefined, { named, only }: Selection): Generator<StoreUnderCheck> {
  if (only !== undefined) {
    const store = rows && findNamedStore(site, rows, only)
    return store === undefined ? undefined : yield store
  }
  yield { store: SITE_ITSELF.store, site, account: null }
  for (const store of rows === undefined ? storesOnDisk(site) : readable(namedStores(site, rows))) {
    named.add(foldCase(store.store.slice('files/'.length)))
    yield store
  }
}

/** A page that cannot be read ends the list: the site's own check says what is wrong. */
function* readable<S>(stores: Generator<S>): Generator<S> {
  try {
    yield* stores
  } catch (error) {
    if (!(error instanceof MantissaError)) throw error
  }
}

/** Where the site cannot tell which stores it has. */
function* storesOnDisk(site: string): Generator<StoreUnderCheck & { readonly id?: number }> {
  for (const path of storeDirectories(site)) {
    yield { store: `files/${path}`, site, account: null }
  }
}

function siteFindings(site: string, rows: SiteRows | undefined, now: number): readonly Finding[] {
  return [
    ...keyFindings(site),
    ...placeFindings(site),
    ...(rows === undefined ? [] : rowFindings(site, rows)),
    ...temporaryFindings(site, rows, now),
  ]
}

/** Rows that cannot be read are not judged; the site's own check says what is wrong with them. */
function rowFindings(site: string, rows: SiteRows): readonly Finding[] {
  try {
    return [...journalFindings(site, rows), ...accountFindings(rows)]
  } catch (error) {
    if (error instanceof MantissaError) return []
    throw error
  }
}
