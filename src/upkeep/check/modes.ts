import type { Stats } from 'node:fs'
import type { Fault } from './finding.js'
import { someOf } from './wording.js'

/** Group and others. */
export const OTHERS = 0o077

export function modeFaults(entries: readonly (readonly [string, Stats | undefined])[]): Fault[] {
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
