/**
 * What must hold of sites between which users were moved, whatever was killed meanwhile, once everything was recovered.
 * Shares no code with the program: bare better-sqlite3, `node:fs`, and what is written down of the tables.
 *
 *   const wrongs = findWrongs([site, otherSite], expected)      // sentences; none when all is well
 *   const before = fingerprint([site, otherSite])               // equal texts: nothing was changed, the audit log apart
 *
 * Nothing may be writing the sites just then, and all processes that were killed must be gone. `expected` is an object:
 *
 * - `names`: login names (`alice@example.com`) whose making was acknowledged; each must lead to exactly one account in
 *   exactly one site, and so must any name that a site has beside them.
 * - `accounts` (optional): by one of its names, what was acknowledged of an account: `{ disabled, passwordHash }`, each
 *   a value or a list of values of which one must hold.
 * - `notes`: what writers were told to be committed, by writer:
 *   `{ rows: [numbers], files: [numbers], last: number | undefined }`; see `note-files.mjs` for where they put it. Each
 *   must exist exactly once in the active stores, and nothing that was not acknowledged more than once.
 * - `tellsOf` (optional): given a site, the text of `mantissa check` there; called only where a directory is left over,
 *   which is then no wrong when its path or name is in that text.
 *
 * Looked at besides: one active store per store id, at the highest epoch, owned by its site and named by one account of
 * it; no other fence than `retired` in what is kept aside; no reservation, deed or transfer left open; journals of both
 * sites that agree; tombstones where a user has left and none where one is; the account's copy in the user's store.
 */
import { wrongsOfJournals } from './check-journals.mjs'
import { wrongsOfNotes } from './check-notes.mjs'
import { wrongsOfDirectories, wrongsOfStores } from './check-stores.mjs'
import { NOTE_TABLE } from './note-files.mjs'
import { directoriesOf, isStore, readSite, readStore, rowsAsText } from './read-site.mjs'

export function findWrongs(directories, expected) {
  const sites = directories.map(directory => ({ ...readSite(directory), found: directoriesOf(directory) }))
  const stores = sites.flatMap(site => storesIn(site))
  return [
    ...wrongsOfNames(sites, expected.names),
    ...wrongsOfAccounts(sites, expected.accounts ?? {}),
    ...wrongsOfStores(sites, stores),
    ...wrongsOfDirectories(sites, expected.tellsOf ?? (() => '')),
    ...wrongsOfJournals(sites),
    ...wrongsOfNotes(stores, expected.notes ?? {}),
  ]
}

/** Everything that moving changes, as text: the sites' rows, the fences, and which directories there are. */
export function fingerprint(directories) {
  return JSON.stringify(
    directories.map(directory => {
      const found = directoriesOf(directory)
      const fences = found.filter(path => isStore(`${directory}/${path}`)).map(path => fencesIn(directory, path))
      return [directory, rowsAsText(directory), found, fences]
    }),
  )
}

function fencesIn(site, path) {
  return [path, readStore(`${site}/${path}`, NOTE_TABLE).fences]
}

function storesIn(site) {
  return site.found
    .filter(path => isStore(`${site.directory}/${path}`))
    .map(path => ({ site, path, ...readStore(`${site.directory}/${path}`, NOTE_TABLE) }))
}

function wrongsOfNames(sites, names) {
  const holders = new Map(names.map(name => [name.toLowerCase(), []]))
  for (const site of sites)
    for (const account of site.accounts)
      for (const name of namesOf(account))
        holders.set(name, [...(holders.get(name) ?? []), `account ${account.id} of ${site.directory}`])
  return [...holders].flatMap(([name, found]) => {
    if (found.length === 1) return []
    return [`${name} leads to ${found.length === 0 ? 'no account' : found.join(' and ')}`]
  })
}

function namesOf({ methods }) {
  return new Set(methods.map(({ localpart, domain }) => `${localpart}@${domain}`.toLowerCase()))
}

function wrongsOfAccounts(sites, accounts) {
  return Object.entries(accounts).flatMap(([name, facts]) => {
    const account = sites.flatMap(site => site.accounts).find(each => namesOf(each).has(name.toLowerCase()))
    return Object.entries(facts).flatMap(([fact, allowed]) => {
      if (account === undefined || [allowed].flat().includes(account[fact])) return []
      return [`${name} has ${fact} ${account[fact]}, acknowledged was ${[allowed].flat().join(' or ')}`]
    })
  })
}
