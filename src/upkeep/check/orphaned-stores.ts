import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { foldCase } from '../../base/address.js'
import { UNFINISHED } from '../../site/admin-tables.js'
import { type Finding, findingAt, SITE_ITSELF } from './finding.js'
import { modeFaults } from './modes.js'
import type { SiteRows } from './site-rows.js'

/**
 * Directories of stores below `files/account` and `files/app` that the site does not name and that nothing under way
 * has made. They may hold somebody's data, so nothing is done about them.
 *
 * @param named - the paths of all SubStore items, below `files/`, folded.
 */
export function* orphanedStores(
  site: string,
  rows: SiteRows | undefined,
  named: ReadonlySet<string>,
): Generator<Finding> {
  const strange = [...storeDirectories(site)].filter(path => !named.has(foldCase(path)))
  if (strange.length === 0) return
  const known = rows === undefined ? new Set<string>() : knownPaths(rows)
  for (const path of strange) {
    if (known.has(foldCase(path)) || !existsSync(join(site, 'files', path))) continue
    const message =
      'no account or offering has this directory; look what is in it, then import it (mantissa import-user) or remove it'
    yield findingAt({ store: `files/${path}`, address: null }, { code: 'STORE_ORPHANED', message })
  }
}

/**
 * What the site names by now. A store that is being made is claimed until it is named, one that is being removed named
 * until it is claimed; so the claims are read before and after.
 */
function knownPaths(rows: SiteRows): ReadonlySet<string> {
  const before = claimedPaths(rows)
  const table = rows.table('substore', 1)
  const named = table === undefined ? [] : rows.all(`SELECT storepath FROM ${table} WHERE storepath IS NOT NULL`)
  return new Set([...before, ...named.map(([path]) => foldCase(String(path))), ...claimedPaths(rows)])
}

/** Paths below `files/` that look like stores, also those that were never finished (`.alice.axiom.0a1b2c`). */
export function* storeDirectories(site: string): Generator<string> {
  for (const place of ['account', 'app']) {
    for (const name of directoriesIn(join(site, 'files', place))) {
      if (isStoreName(name)) yield `${place}/${name}`
      else if (place === 'account')
        for (const inner of directoriesIn(join(site, 'files', place, name)))
          if (isStoreName(inner)) yield `${place}/${name}/${inner}`
    }
  }
}

/** The directories between the site and its stores: who may enter them? */
export function placeFindings(site: string): readonly Finding[] {
  const account = join(site, 'files', 'account')
  const places = ['files/account', 'files/app', ...directoriesIn(account).map(name => `files/account/${name}`)]
  const between = places.filter(place => !isStoreName(place))
  return modeFaults(site, between).map(fault => findingAt(SITE_ITSELF, fault))
}

function isStoreName(name: string): boolean {
  return name.endsWith('.axiom') || /^\..*\.axiom\.[0-9a-f]{12}$/.test(name)
}

/** Sorted; nothing where there is no such directory. Links are not followed. */
function directoriesIn(path: string): readonly string[] {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return readdirSync(path, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()
}

/** What reservations, deeds and transfers under way speak of. */
function claimedPaths(rows: SiteRows): ReadonlySet<string> {
  const sources = [
    ['mantissa_reservation', `SELECT name FROM mantissa_reservation WHERE kind = 'directory'`],
    [
      'mantissa_deed',
      `SELECT tree.value FROM mantissa_deed, json_tree(iif(json_valid(detail), detail, '{}')) AS tree WHERE tree.type = 'text'`,
    ],
    [
      'mantissa_transfer',
      `SELECT json_extract(plan, '$.storepath') FROM mantissa_transfer WHERE json_valid(plan) AND ${UNFINISHED}`,
    ],
  ] as const
  return new Set(
    sources.flatMap(([table, sql]) =>
      rows.hasPlain(table) ? rows.all(sql).map(([path]) => foldCase(String(path))) : [],
    ),
  )
}
