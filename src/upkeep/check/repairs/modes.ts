import { chmodSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { KEY } from '../key-faults.js'
import { isTooOpen, OTHERS } from '../modes.js'
import { tooOpenOrLinks } from '../tree-faults.js'
import type { Repair, RepairResult } from './repair-kind.js'

/** Takes the rights of group and others away from what was found, or, below `files/`, from whatever has such. */
export const closeModes: Repair = (site, { subject }, directory) => {
  const listed = (subject?.['paths'] ?? []) as readonly string[]
  const paths =
    subject?.['below'] === true
      ? [...tooOpenOrLinks(directory, site.directory)].flatMap(({ path, isLink }) => (isLink ? [] : [path]))
      : listed.map(path => join(directory, path))
  return paths.map(close).includes('done') ? 'done' : 'gone'
}

export const hideKey: Repair = site => close(join(site.directory, KEY))

/** By name: opening a database beside SQLite would drop its locks. A link is left alone, and what it leads to. */
function close(path: string): RepairResult {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined || !isTooOpen(stats)) return 'gone'
  chmodSync(path, stats.mode & 0o7777 & ~OTHERS)
  return 'done'
}
