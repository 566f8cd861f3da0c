/**
 * Sites for the adversity tests, and what must hold of them afterwards, whatever has happened. Making them takes the
 * built program; looking at them bare better-sqlite3 and `fs` alone.
 */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAccount } from '../../../dist/accounts/create-account.js'
import { getAccountByAddress } from '../../../dist/accounts/find-account.js'
import { addLoginMethod } from '../../../dist/accounts/login-methods.js'
import { installLoginSystem } from '../../../dist/accounts/login-system.js'
import { createSiteStore, Site } from '../../../dist/site/site.js'
import { Store } from '../../../dist/store-engine/store.js'
import { removeAbandonedExports } from '../../../dist/transfer/leaving/abandoned-exports.js'
import { recoverTransfers } from '../../../dist/transfer/protocol/recover-transfers.js'
import { withDatabase } from '../../support/read-bare.mjs'

export const ALICE = { localpart: 'alice', domain: 'example.com' }
const METHOD = { protocol: '*', internal: false, verified: true }

/** Makes empty sites with a login system below `parent`; returns their directories. */
export function makeSites(parent, ...names) {
  mkdirSync(parent, { recursive: true })
  return names.map(name => {
    const site = createSiteStore(join(parent, `${name}.axiom`))
    installLoginSystem(site.store)
    site.close()
    return site.directory
  })
}

/** Alice with two addresses, three notes, and files in two directories; returns what must be hers for ever. */
export function makeAlice(directory) {
  const site = Site.open(directory)
  createAccount(site, { address: ALICE, passwordHash: null })
  addLoginMethod(getAccountByAddress(site, ALICE), { localpart: 'al', domain: 'example.org', ...METHOD })
  site.close()
  const store = Store.open(homeOf(directory))
  store.transact(() => {
    store.sql.exec('CREATE TABLE mantissa_note (text)')
    for (const text of ['one', 'two', 'three']) store.sql.run('INSERT INTO mantissa_note VALUES (?)', text)
  })
  for (const path of [['letter'], ['letters', 'first'], ['letters', 'second']]) {
    const file = store.newFile(...path)
    file.write(`${path.at(-1)} `.repeat(3000))
    file.close()
  }
  store.close()
  return {
    names: ['al@example.org', 'alice@example.com'],
    notes: ['one', 'three', 'two'],
    files: ['letter', 'letters/first', 'letters/second'],
  }
}

/** Where a site puts the first store of that name. */
export function homeOf(directory, name = 'alice') {
  return join(directory, 'files', 'account', 'example.com', `${name}.axiom`)
}

/** What the next command on a site does first: ends what was begun and not ended. */
export function reopen(directory) {
  return withSite(directory, site => {
    removeAbandonedExports(site)
    return recoverTransfers(site)
  })
}

/** Calls `work` with the open site, and closes it when that has ended. */
export async function withSite(directory, work) {
  const site = Site.open(directory)
  try {
    return await work(site)
  } finally {
    site.close()
  }
}

/** Every row of the site's plain tables and every path in it, but for locks and logs. Equal when nothing has changed. */
export function picture(directory) {
  const rows = withDatabase(directory, database =>
    database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
      .pluck()
      .all()
      .map(table => [table, database.prepare(`SELECT * FROM "${table}"`).raw().all()]),
  )
  const paths = readdirSync(directory, { recursive: true }).filter(path => !/^run\/locks\/|-(wal|shm)$/.test(path))
  return JSON.stringify([rows, paths.sort()], (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
}

/** What the sites say of one user: where each name leads, which stores can be written, what lies about. */
export function survey(directories) {
  const found = { names: {}, stores: [], strays: [] }
  for (const directory of directories) withDatabase(directory, database => surveySite(directory, database, found))
  return found
}

const METHODS = `SELECT lower(m.localpart || '@' || m.domain) AS name, s.storepath FROM item_login_method_v2 m
  JOIN item_login_v3 a ON a.oid = m.account JOIN item_substore_v1 s ON s.oid = a.avatars`

function surveySite(directory, database, { names, stores, strays }) {
  const homes = new Set()
  if (tableExists(database, 'item_login_method_v2'))
    for (const { name, storepath } of database.prepare(METHODS).all()) {
      const home = join(directory, 'files', storepath)
      names[name] = [...(names[name] ?? []), home]
      homes.add(home)
    }
  for (const home of homes) stores.push({ home, state: fenceOf(home) })
  for (const home of storesBelow(join(directory, 'files', 'account'))) if (!homes.has(home)) strays.push(home)
  const kept = new Set(
    database.prepare("SELECT 'moved-' || id FROM mantissa_transfer WHERE role = 'source'").pluck().all(),
  )
  for (const name of readdirSync(join(directory, 'temp'))) {
    const path = join(directory, 'temp', name)
    if (!kept.has(name) || fenceOf(path) !== 'retired') strays.push(path)
  }
  strays.push(...database.prepare('SELECT name FROM mantissa_reservation').pluck().all())
}

function storesBelow(directory) {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { recursive: true })
    .filter(path => /\.axiom$/.test(path))
    .map(path => join(directory, path))
}

function tableExists(database, name) {
  return database.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(name) !== undefined
}

function fenceOf(home) {
  return withDatabase(home, database =>
    tableExists(database, 'mantissa_fence')
      ? database.prepare('SELECT state FROM mantissa_fence').pluck().get()
      : 'active',
  )
}

/**
 * Fails unless every name of alice leads to one and the same active store with all that is hers, and nothing else
 * lies about in any of the sites. Returns the directory of the site where she is.
 */
export function assertOneAlice(directories, { names, notes, files }) {
  const found = survey(directories)
  const expected = names.map(name => found.names[name])
  assert.ok(
    expected.every(homes => homes?.length === 1 && homes[0] === expected[0][0]),
    `her names lead to ${JSON.stringify(found.names)}`,
  )
  assert.deepEqual(found.strays, [], 'left lying about')
  const home = expected[0][0]
  assert.equal(found.stores.find(store => store.home === home).state, 'active')
  assert.deepEqual(notesIn(home), [...notes].sort())
  assert.deepEqual(filesIn(home), [...files].sort())
  for (const path of filesIn(home)) assertWholeFile(join(home, 'files', path))
  return directories.find(directory => home.startsWith(`${directory}/`))
}

function notesIn(home) {
  return withDatabase(home, database => {
    assert.equal(database.pragma('integrity_check', { simple: true }), 'ok')
    return database.prepare('SELECT text FROM mantissa_note ORDER BY text').pluck().all()
  })
}

function filesIn(home) {
  const entries = readdirSync(join(home, 'files'), { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(({ name, parentPath }) => join(parentPath, name).slice(join(home, 'files').length + 1))
    .sort()
}

/** A file says its own name, three thousand times. */
function assertWholeFile(path) {
  assert.equal(readFileSync(path, 'utf8'), `${path.split('/').at(-1)} `.repeat(3000), path)
}

/** Ends whatever is open in each site, twice; the second time nothing may change. Returns the reports of the first. */
export async function settleAll(directories) {
  const reports = []
  for (const directory of directories) reports.push(...(await reopen(directory)))
  for (const directory of directories) await reopen(directory)
  const before = directories.map(picture)
  for (const directory of directories) await reopen(directory)
  assert.deepEqual(directories.map(picture), before, 'a second resume has changed something')
  return reports
}
