/**
 * What lies in the site's `temp/`. Everything there belongs to a deed, a transfer or a process; where the journal says
 * that it has ended, it is a leftover that can go. What cannot be proved to be nobody's is told when it is a day old,
 * and stays.
 */
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../../base/json.js'
import { UNFINISHED } from '../../site/admin-tables.js'
import { isLockHeld } from '../../site/locks.js'
import { hasKeptChanged } from '../../transfer/steps/kept-store.js'
import { type Fault, type Finding, findingAt, SITE_ITSELF } from './finding.js'
import type { SiteRows } from './site-rows.js'

const DAY = 86_400_000

const REPAIR = 'remove it'

/** @param now - milliseconds since 1970. */
export function temporaryFindings(site: string, rows: SiteRows | undefined, now: number): readonly Finding[] {
  const temporary = join(site, 'temp')
  if (lstatSync(temporary, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return readdirSync(temporary)
    .sort()
    .flatMap(name => {
      const fault = faultOf(site, rows, name) ?? oldFault(join(temporary, name), now)
      return fault === undefined || fault === null ? [] : [findingAt(SITE_ITSELF, fault)]
    })
}

/** Null where the entry is in use; undefined where nothing is known of it. */
export function faultOf(site: string, rows: SiteRows | undefined, name: string): Fault | null | undefined {
  const [, kind, id = ''] =
    /^(creating|removed|discarded|incoming|moved|purging|outgoing)-([0-9A-Z]{26})(?:\.path)?$/.exec(name) ?? []
  if (kind === undefined || rows === undefined || !rows.hasPlain('mantissa_transfer')) return undefined
  switch (kind) {
    case 'discarded':
      return stateOf(rows, id)?.isUnfinished ? null : leftover(name, 'a store that was being discarded')
    case 'purging':
      return purging(name, stateOf(rows, id))
    case 'creating':
    case 'removed':
      return isKnown(rows, 'mantissa_deed', id) ? null : leftover(name, 'a deed that has ended')
    case 'outgoing':
      if (isLockHeld(site, `transfer-${id}`)) return null
      return stateOf(rows, id)?.isOpen ? null : leftover(name, 'an export whose process is gone')
    case 'incoming':
      return incoming(name, stateOf(rows, id))
    default:
      return moved(site, name, stateOf(rows, id))
  }
}

function leftover(name: string, of: string): Fault {
  return { code: 'TEMPORARY_LEFT', message: `temp/${name} is left of ${of}`, repair: REPAIR, subject: { name } }
}

/** A copy that arrives and is unknown to the journal may be of a journal that was lost: it is left to a person. */
function incoming(name: string, transfer: TransferState | undefined): Fault | null | undefined {
  if (transfer === undefined || transfer.isOpen) return transfer && null
  return leftover(name, `the transfer ${transfer.id}, which has ended`)
}

/** What is left of an old store; `transfer resume`, or the next verb that writes, deletes it. */
function purging(name: string, transfer: TransferState | undefined): Fault | null | undefined {
  if (transfer === undefined || transfer.isUnfinished) return transfer && null
  return leftover(name, `the old store of ${transfer.address}, which was purged`)
}

function moved(site: string, name: string, transfer: TransferState | undefined): Fault | null | undefined {
  if (transfer === undefined) return undefined
  if (!transfer.isConfirmed) return null
  const { address, id, plan } = transfer
  if (hasKeptChanged(join(site, 'temp', name), plan) === true) {
    const message = `the old store of ${address}, temp/${name}, was changed after the user had moved: something is lost there`
    return { code: 'MOVED_STORE_CHANGED', message }
  }
  const message = `the old store of ${address}, who has moved, is kept in temp/${name} until the transfer ${id} is purged`
  return { code: 'MOVED_STORE_KEPT', message }
}

function oldFault(path: string, now: number): Fault | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined || now - stats.mtimeMs < DAY) return undefined
  const name = path.slice(path.lastIndexOf('/') + 1)
  const message = `temp/${name} has not changed for a day; if nothing that runs needs it, remove it`
  return { code: 'TEMPORARY_LEFT', message }
}

interface TransferState {
  readonly id: string
  readonly address: string
  readonly isOpen: boolean
  /** Something is left to do for a recovery. */
  readonly isUnfinished: boolean
  readonly isConfirmed: boolean
  readonly plan: JsonObject
}

function stateOf(rows: SiteRows, id: string): TransferState | undefined {
  const columns = `address, is_open, ${UNFINISHED}, confirmed, plan`
  const [row] = rows.all(`SELECT ${columns} FROM mantissa_transfer WHERE id = ?`, id)
  if (row === undefined) return undefined
  const [address, isOpen, isUnfinished, confirmed, plan] = row
  return {
    id,
    address: String(address),
    isOpen: Number(isOpen) === 1,
    isUnfinished: Number(isUnfinished) === 1,
    isConfirmed: confirmed !== null,
    plan: planOf(String(plan)),
  }
}

/** Empty where it is no JSON: then nothing is known of the transfer but its state. */
function planOf(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return {}
  }
}

function isKnown(rows: SiteRows, table: string, id: string): boolean {
  return rows.all(`SELECT 1 FROM ${table} WHERE id = ?`, id).length > 0
}
