/** Sites with alice in one of them for the adversity tests, and what must hold of them whatever has happened. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createAccount } from '../../../dist/accounts/create-account.js'
import { getAccountByAddress } from '../../../dist/accounts/find-account.js'
import { addLoginMethod } from '../../../dist/accounts/login-methods.js'
import { installLoginSystem } from '../../../dist/accounts/login-system.js'
import '../../../dist/accounts/recoveries.js'
import { createSiteStore, Site } from '../../../dist/site/site.js'
import { Store } from '../../../dist/store-engine/store.js'
import { removeAbandonedExports } from '../../../dist/transfer/leaving/abandoned-exports.js'
import { recoverTransfers } from '../../../dist/transfer/protocol/recover-transfers.js'
import { findWrongs, fingerprint } from '../moves/checker.mjs'
import { NOTE_TABLE, notePath, noteText } from '../moves/note-files.mjs'

export const ALICE = { localpart: 'alice', domain: 'example.com' }
export const METHOD = { protocol: '*', internal: false, verified: true }
const NUMBERS = [1, 2, 3]

/** What is alice's for ever, as the checker wants it. */
export const HERS = {
  names: ['alice@example.com', 'al@example.org'],
  notes: { first: { rows: NUMBERS, files: NUMBERS, last: undefined } },
}

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

/** Alice, with all that is in {@link HERS}. */
export function makeAlice(directory) {
  const site = Site.open(directory)
  createAccount(site, { address: ALICE, passwordHash: null })
  addLoginMethod(getAccountByAddress(site, ALICE), { localpart: 'al', domain: 'example.org', ...METHOD })
  site.close()
  const store = Store.open(homeOf(directory))
  store.transact(() => {
    store.sql.exec(`CREATE TABLE ${NOTE_TABLE} (writer, number)`)
    for (const number of NUMBERS) store.sql.run(`INSERT INTO ${NOTE_TABLE} VALUES ('first', ?)`, number)
  })
  for (const number of NUMBERS) writeNote(store, 'first', number)
  store.close()
}

/** Writes a whole file such as the checker looks for. */
export function writeNote(store, writer, number) {
  const file = store.newFile(...notePath(writer, number))
  try {
    file.write(noteText(writer, number))
    file.close()
  } finally {
    file.abort()
  }
}

/** Where a site puts the first store of that name. */
export function homeOf(directory, name = 'alice') {
  return join(directory, 'files', 'account', 'example.com', `${name}.axiom`)
}

/** The site that alice is in, by her directory. */
export function siteOfAlice(directories) {
  return directories.find(directory => existsSync(homeOf(directory)))
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

/** What the next command on a site does first: ends what was begun and not ended. */
export function reopen(directory) {
  return withSite(directory, site => {
    removeAbandonedExports(site)
    return recoverTransfers(site)
  })
}

/** Ends whatever is open in each site, twice; the second time nothing may change. */
export async function settleAll(directories) {
  for (const directory of directories) await reopen(directory)
  const before = fingerprint(directories)
  for (const directory of directories) await reopen(directory)
  assert.equal(fingerprint(directories), before, 'a second resume has changed something')
}

/** Fails unless alice exists exactly once in these sites, whole and writable, and nothing lies about. */
export function assertOneAlice(directories, expected = HERS) {
  assert.deepEqual(findWrongs(directories, expected), [])
}
