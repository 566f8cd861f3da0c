import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findHolders } from '../../store-engine/database/holders.js'
import { COMPANIONS } from '../../store-engine/database/open-untouched.js'
import type { Fault } from './finding.js'
import { leadsOut, linkFaults } from './links.js'
import { isTooOpen, modeFaults } from './modes.js'
import { type CheckDepth, directoryOf, type StoreUnderCheck } from './store-under-check.js'
import { faultsBelow } from './tree-faults.js'

export interface DirectoryReport {
  readonly faults: readonly Fault[]
  /** `alone`: small, and nothing lies beside it, so nobody has it open. */
  readonly database: 'unreadable' | 'readable' | 'alone'
}

/** The four entries of every store (format section 1.1). */
const ENTRIES = ['db.sqlite', 'files', 'run', 'temp'] as const

function isEntry(name: string): boolean {
  return (ENTRIES as readonly string[]).includes(name)
}

/**
 * The directory of a store as the file system shows it: there, of the right modes, no way out, its log empty. What lies
 * in a directory that is its owner's alone, nobody else gets at; its mode is looked at in a full check only.
 */
export function directoryFaults(store: StoreUnderCheck, depth: CheckDepth): DirectoryReport {
  const { site } = store
  const directory = directoryOf(store)
  const found = lstatSync(directory, { throwIfNoEntry: false })
  if (found === undefined) return { faults: [missing(store)], database: 'unreadable' }
  if (leadsOut(site, directory)) return { faults: linkFaults([directory], site), database: 'unreadable' }
  const listed = readdirSync(directory, { withFileTypes: true })
  const astray = listed.flatMap(entry =>
    isEntry(entry.name) && entry.isSymbolicLink() && leadsOut(site, join(directory, entry.name)) ? [entry.name] : [],
  )
  const faults = [
    ...linkFaults(
      astray.map(name => join(directory, name)),
      site,
    ),
    ...modeFaults(directory, isTooOpen(found) || depth.full ? ['.', ...ENTRIES] : []),
    ...(depth.full ? faultsBelow(directory, site) : []),
  ]
  const database = lstatSync(join(directory, 'db.sqlite'), { throwIfNoEntry: false })
  const companions = COMPANIONS.filter(name => listed.some(entry => entry.name === name))
  if (database === undefined) faults.push(withoutDatabase(directory, companions))
  if (database === undefined || astray.includes('db.sqlite')) return { faults, database: 'unreadable' }
  return {
    faults: [...faults, ...logFaults(directory, companions)],
    database: companions.length === 0 && database.size <= SMALL ? 'alone' : 'readable',
  }
}

/** Up to here a look is over before anybody can be kept waiting. */
const SMALL = 2 ** 20

function missing(place: StoreUnderCheck): Fault {
  const { store } = place
  const message = `its directory is not there; restore it from a backup to ${directoryOf(place)}, or remove its account`
  return { code: 'STORE_DIRECTORY_MISSING', message: store === '.' ? 'the site is not there' : message }
}

function withoutDatabase(directory: string, strays: readonly string[]): Fault {
  const beside = strays.length === 0 ? '' : `, only ${strays.join(' and ')} of one that is gone`
  return { code: 'NOT_A_STORE', message: `${directory} holds no db.sqlite${beside}; restore it from a backup` }
}

/** A log that no process holds is what a process left that died, or whose connection could not write. */
function logFaults(directory: string, companions: readonly string[]): Fault[] {
  if (!companions.includes('db.sqlite-wal')) return []
  const log = lstatSync(join(directory, 'db.sqlite-wal'), { throwIfNoEntry: false })
  if (log?.isFile() !== true || log.size === 0 || isHeld(directory)) return []
  const message = 'its log holds changes that are not in db.sqlite, and no process has it open'
  return [{ code: 'LOG_NOT_EMPTIED', message, repair: 'open the database for writing, which empties it' }]
}

function isHeld(directory: string): boolean {
  return findHolders(directory).some(({ isSelf }) => !isSelf)
}
