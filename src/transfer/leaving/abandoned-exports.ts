import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fsyncPath, giveToOwnerOf, removeIfPossible } from '../../base/atomic-file.js'
import type { Site } from '../../site/site.js'
import { findTransfer } from '../../site/transfers-journal.js'
import { UNOBSERVED } from '../protocol/move.js'
import { lockMove } from '../protocol/move-lock.js'
import { refusedCall } from '../refused-call.js'

/**
 * Notes in `temp/` where an export writes outside of the site, so that what a crash leaves there can be found. Nothing
 * is written there before the note is on the disk; half a note names nothing that bears the export's id.
 */
export function noteUnfinished(site: Site, id: string, partial: string): Disposable {
  const note = join(site.directory, 'temp', `outgoing-${id}.path`)
  try {
    writeFileSync(note, partial, { mode: 0o600, flag: 'wx', flush: true })
    giveToOwnerOf(site.directory, note)
    fsyncPath(dirname(note))
  } catch (error) {
    throw refusedCall(error, note)
  }
  return { [Symbol.dispose]: () => removeIfPossible(note) }
}

/**
 * Removes what exports that were killed have left, in `temp/` and where they wrote to; those of living processes are
 * locked. What a user has left with, or may yet, is the journal's business and stays.
 */
export function removeAbandonedExports(site: Site): void {
  const temporary = join(site.directory, 'temp')
  for (const name of existsSync(temporary) ? readdirSync(temporary) : []) {
    const [, id, kind] = /^outgoing-([0-9A-Z]{26})(\.path)?$/.exec(name) ?? []
    if (id === undefined) continue
    using lock = lockMove({ id, source: site, target: undefined, observe: UNOBSERVED })
    if (lock === undefined) continue
    if (kind !== undefined && isForNobody(site, id)) removePartial(join(temporary, name), id)
    rmSync(join(temporary, name), { recursive: true, force: true })
  }
}

/** Whether what was written is of no use: the user has stayed, or was never to leave. */
function isForNobody(site: Site, id: string): boolean {
  const row = findTransfer(site, id)
  return row === undefined || (row.decision === 'abort' && !row.isOpen)
}

/** Only what bears the export's own id, whatever the note says. */
function removePartial(note: string, id: string): void {
  const partial = readFileSync(note, 'utf8')
  if (basename(partial).startsWith('.') && partial.endsWith(id)) rmSync(partial, { recursive: true, force: true })
}
