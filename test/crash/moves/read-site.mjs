/**
 * What a site and the stores below it hold, read with bare better-sqlite3 and `node:fs`: whatever looks after a move must
 * not trust the code that made it. Opening for writing lets SQLite undo what a dead process has left half written;
 * nothing else is changed.
 */
import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { withDatabase } from '../../support/read-bare.mjs'

/** The rows of a site that have to do with its users and their moves. */
export function readSite(directory) {
  return withDatabase(directory, database => {
    database.defaultSafeIntegers(false)
    const plain = table => (hasTable(database, table) ? all(database, `SELECT * FROM ${table}`) : [])
    return {
      directory,
      siteId: plain('mantissa_site')[0]?.site_id,
      accounts: readAccounts(database),
      stores: itemsOf(database, 'substore').map(({ storepath }) => storepath),
      transfers: plain('mantissa_transfer').map(row => ({ ...row, plan: JSON.parse(row.plan) })),
      tombstones: plain('mantissa_tombstone'),
      reservations: plain('mantissa_reservation'),
      deeds: plain('mantissa_deed'),
    }
  })
}

/** Accounts with their login names and, in a site, the path of their store. */
function readAccounts(database) {
  const methods = itemsOf(database, 'login_method')
  const stores = itemsOf(database, 'substore')
  return itemsOf(database, 'login').map(({ oid, avatars, disabled, passwordHash, password }) => ({
    id: oid,
    disabled: Boolean(disabled),
    passwordHash: passwordHash ?? password ?? null,
    storepath: stores.find(store => store.oid === avatars)?.storepath,
    methods: methods.filter(({ account }) => account === oid).map(({ oid: _, account, ...method }) => method),
  }))
}

/** The rows of the newest version of an item type. */
function itemsOf(database, typeName) {
  const version = database.prepare('SELECT max(version) FROM axiom_types WHERE typename = ?').pluck().get(typeName)
  return version === null ? [] : all(database, `SELECT * FROM item_${typeName}_v${version} ORDER BY oid`)
}

/** A user's store: its fence, its own copy of its account, and what the writers put there. */
export function readStore(directory, noteTable) {
  return withDatabase(directory, database => {
    database.defaultSafeIntegers(false)
    return {
      directory,
      integrity: database.pragma('quick_check', { simple: true }),
      fences: hasTable(database, 'mantissa_fence') ? all(database, 'SELECT * FROM mantissa_fence') : [],
      accounts: readAccounts(database),
      notes: hasTable(database, noteTable) ? all(database, `SELECT writer, number FROM ${noteTable}`) : [],
    }
  })
}

/** Every table of a site but the audit log, as text; equal texts mean that nothing was changed. */
export function rowsAsText(directory) {
  return withDatabase(directory, database => {
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence' ORDER BY name")
      .pluck()
      .all()
      .filter(name => name !== 'mantissa_audit')
    const rows = tables.map(name => [name, database.prepare(`SELECT * FROM "${name}" ORDER BY 1, 2`).raw().all()])
    return JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
  })
}

/** Paths below the site of all directories, links not followed; what lies in a store is the store's own affair. */
export function directoriesOf(site) {
  const found = []
  const walk = directory => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name)
      if (!entry.isDirectory()) continue
      found.push(relative(site, path).split(sep).join('/'))
      if (!isStore(path)) walk(path)
    }
  }
  walk(site)
  return found.sort()
}

export function isStore(directory) {
  return existsSync(join(directory, 'db.sqlite'))
}

/** The regular files below a directory of a store, by their path in it. */
export function filesBelow(directory) {
  if (lstatSync(directory, { throwIfNoEntry: false }) === undefined) return []
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
}

function hasTable(database, name) {
  return database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined
}

function all(database, sql) {
  return database.prepare(sql).all()
}
