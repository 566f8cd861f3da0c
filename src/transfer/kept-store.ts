/**
 * What is remembered of a store that is put aside when its user has moved away, so that it can be told later whether a
 * program that does not honour the fence has gone on writing it. SQLite's change counter does not tell: in WAL mode most
 * commits leave it alone.
 */
import { closeSync, lstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { JsonObject } from '../base/json.js'

/** Where the plan of a transfer keeps it. */
export const KEPT = 'kept'

const CHUNK = 2 ** 20

/**
 * Size and checksum of the store's database. The file is read beside SQLite, so nothing in this process may have it open.
 */
export function describeKept(directory: string): JsonObject {
  const { bytes, checksum } = sumOf(join(directory, 'db.sqlite'))
  return { bytes, checksum }
}

/**
 * Whether a store that is kept aside differs from what was remembered, or has a log, which a writer leaves. Undefined
 * where nothing was remembered. The hazard of {@link describeKept} holds.
 */
export function hasKeptChanged(directory: string, plan: JsonObject): boolean | undefined {
  const kept = plan[KEPT] as JsonObject | undefined
  if (kept === undefined) return undefined
  if (['db.sqlite-wal', 'db.sqlite-journal'].some(name => sizeOf(join(directory, name)) > 0)) return true
  const path = join(directory, 'db.sqlite')
  if (sizeOf(path) !== kept['bytes']) return true
  return sumOf(path).checksum !== kept['checksum']
}

function sizeOf(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function sumOf(path: string): { readonly bytes: number; readonly checksum: number } {
  const descriptor = openSync(path, 'r')
  const buffer = Buffer.alloc(CHUNK)
  try {
    let [bytes, checksum] = [0, 0]
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      checksum = crc32(buffer.subarray(0, read), checksum)
      bytes += read
    }
    return { bytes, checksum }
  } finally {
    closeSync(descriptor)
  }
}
