import { lstatSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import type { Fault } from './finding.js'
import { someOf } from './wording.js'

/** Group and others. */
export const OTHERS = 0o077

/** One fault for all of the entries that others may use. */
export function modeFaults(directory: string, entries: readonly string[]): Fault[] {
  const open = entries.filter(name => {
    const stats = lstatSync(join(directory, name), { throwIfNoEntry: false })
    return stats !== undefined && isTooOpen(stats)
  })
  return open.length === 0 ? [] : [tooOpen(open)]
}

/** Links have no mode of their own. */
export function isTooOpen(stats: Stats): boolean {
  return !stats.isSymbolicLink() && (stats.mode & OTHERS) !== 0
}

export function tooOpen(paths: readonly string[]): Fault {
  return {
    code: 'MODE_TOO_OPEN',
    message: `others than the owner may use ${someOf(paths.map(path => (path === '.' ? 'its directory' : path)))}`,
    repair: 'take away the rights of group and others',
    subject: { paths: [...paths] },
  }
}
