import { lstatSync, opendirSync } from 'node:fs'
import { join } from 'node:path'
import type { Fault } from './finding.js'
import { leadsOut, linkFaults } from './links.js'
import { isTooOpen } from './modes.js'
import { counted, someOf } from './wording.js'

/** Paths kept for a message; counts are of all. */
const SAMPLE = 4

/** Everything below the `files/` of one store; the stores below the site's own are looked at one by one. */
export function faultsBelow(directory: string, site: string): Fault[] {
  const open: string[] = []
  const links: string[] = []
  let count = 0
  for (const { path, isLink } of tooOpenOrLinks(directory, site)) {
    if (isLink) links.push(path)
    else {
      count += 1
      if (open.length <= SAMPLE) open.push(path.slice(directory.length + 1))
    }
  }
  return [...linkFaults(links, site), ...(count > 0 ? [openBelow(count, open)] : [])]
}

function openBelow(count: number, open: readonly string[]): Fault {
  return {
    code: 'MODE_TOO_OPEN',
    message: `others than the owner may use ${counted(count, 'path')} below files: ${someOf(open)}`,
    repair: 'take away the rights of group and others',
    subject: { below: true },
  }
}

interface Remarkable {
  readonly path: string
  readonly isLink: boolean
}

/** Links that lead out, and whatever group or others may use. Links are not followed. */
export function* tooOpenOrLinks(directory: string, site: string): Generator<Remarkable> {
  const files = join(directory, 'files')
  const stores = directory === site ? [join(files, 'account'), join(files, 'app'), join(files, 'server.pem')] : []
  if (lstatSync(files, { throwIfNoEntry: false })?.isDirectory() === true) yield* walk(files, site, stores)
}

function* walk(directory: string, site: string, except: readonly string[]): Generator<Remarkable> {
  using entries = closing(opendirSync(directory))
  for (let entry = entries.next(); entry !== null; entry = entries.next()) {
    const path = join(directory, entry.name)
    if (except.includes(path)) continue
    const stats = lstatSync(path, { throwIfNoEntry: false })
    if (stats === undefined) continue
    if (stats.isSymbolicLink() && leadsOut(site, path)) yield { path, isLink: true }
    else if (isTooOpen(stats)) yield { path, isLink: false }
    if (stats.isDirectory()) yield* walk(path, site, except)
  }
}

function closing(directory: ReturnType<typeof opendirSync>) {
  return { next: () => directory.readSync(), [Symbol.dispose]: () => directory.closeSync() }
}
