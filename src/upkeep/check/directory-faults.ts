import { lstatSync, readdirSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { findHolders } from '../../store-engine/database/holders.js'
import { COMPANIONS } from '../../store-engine/database/open-untouched.js'
import type { Fault } from './finding.js'
import { leadsOut } from './links.js'
import { faultsBelow } from './tree-faults.js'
import type { CheckDepth, StoreUnderCheck } from './store-under-check.js'
import { counted, someOf } from './wording.js'

export interface DirectoryReport {
  readonly faults: readonly Fault[]
  /** `alone`: small, and nothing lies beside it, so nobody has it open. */
  readonly database: 'unreadable' | 'readable' | 'alone'
}

/** Group and others. */
export const OTHERS = 0o077

/** The four entries of every store (format section 1.1). */
const ENTRIES = ['db.sqlite', 'files', 'run', 'temp'] as const

/** The directory of a store as the file system shows it: there, of the right modes, no way out, its log empty. */
export function directoryFaults(store: StoreUnderCheck, depth: CheckDepth): DirectoryReport {
  const { directory, site } = store
  const found = lstatSync(directory, { throwIfNoEntry: false })
  if (found === undefined) return { faults: [missing(store)], database: 'unreadable' }
  if (leadsOut(site, directory)) return { faults: [linkFault([directory], site)], database: 'unreadable' }
  const entries = ENTRIES.map(name => [name, lstatSync(join(directory, name), { throwIfNoEntry: false })] as const)
  const links = entries.filter(([name, stats]) => stats?.isSymbolicLink() && leadsOut(site, join(directory, name)))
  const faults = [
    ...(links.length > 0 ? [linkFault(links.map(([name]) => join(directory, name)), site)] : []),
    ...modeFaults([['.', found], ...entries]),
    ...(depth.full ? faultsBelow(store) : []),
  ]
  const [, database] = entries[0] as (typeof entries)[number]
  const companions = companionsIn(directory)
  if (database === undefined)
    return { faults: [...faults, withoutDatabase(directory, companions)], database: 'unreadable' }
  if (links.some(([name]) => name === 'db.sqlite')) return { faults, database: 'unreadable' }
  return {
    faults: [...faults, ...logFaults(directory, companions)],
    database: companions.length === 0 && database.size <= SMALL ? 'alone' : 'readable',
  }
}

/** Up to here a look is over before anybody can be kept waiting. */
const SMALL = 2 ** 20

function companionsIn(directory: string): readonly string[] {
  const names = readdirSync(directory)
  return COMPANIONS.filter(name => names.includes(name))
}

function missing({ store, directory }: StoreUnderCheck): Fault {
  const message = `its directory is not there; restore it from a backup to ${directory}, or remove its account`
  return { code: 'STORE_DIRECTORY_MISSING', message: store === '.' ? 'the site is not there' : message }
}

function withoutDatabase(directory: string, strays: readonly string[]): Fault {
  const beside = strays.length === 0 ? '' : `, only ${strays.join(' and ')} of one that is gone`
  return { code: 'NOT_A_STORE', message: `${directory} holds no db.sqlite${beside}; restore it from a backup` }
}

export function linkFault(paths: readonly string[], site: string): Fault {
  const names = paths.map(path => path.slice(site.length + 1) || '.')
  return { code: 'LINK_LEADS_OUT', message: `${counted(names.length, 'link')} out of the site: ${someOf(names)}` }
}

function modeFaults(entries: readonly (readonly [string, Stats | undefined])[]): Fault[] {
  const open = entries.flatMap(([name, stats]) => (stats !== undefined && isTooOpen(stats) ? [name] : []))
  return open.length === 0 ? [] : [tooOpen(open)]
}

/** Links have no mode of their own. */
export function isTooOpen(stats: Stats): boolean {
  return !stats.isSymbolicLink() && (stats.mode & OTHERS) !== 0
}

export function tooOpen(paths: readonly string[]): Fault {
  return {
    code: 'MODE_TOO_OPEN',
    message: `others than the owner may use ${someOf(paths)}`,
    repair: 'take away the rights of group and others',
    subject: { paths: [...paths] },
  }
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
