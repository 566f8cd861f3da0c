/**
 * What is remembered of a store that is put aside when its user has moved away, so that it can be told later whether a
 * program that does not honour the fence has gone on writing it. SQLite's change counter does not tell: in WAL mode most
 * commits leave it alone. So the bytes count; that nobody has written the very same file saves reading them.
 */
import { type BigIntStats, closeSync, lstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { JsonObject } from '../../base/json.js'

/** Where the plan of a transfer keeps it. */
export const KEPT = 'kept'

const CHUNK = 2 ** 20

/**
 * Size and checksum of the store's database, which file it is, and when that was last written (nanoseconds since 1970).
 * The file is read beside SQLite, so nothing in this process may have it open.
 */
export function describeKept(directory: string): JsonObject {
  const path = join(directory, 'db.sqlite')
  return { ...identityOf(lstatSync(path, { bigint: true })), checksum: checksumOf(path) }
}

/**
 * Whether a store that is kept aside differs from what was remembered, or has a log, which a writer leaves. Undefined
 * where nothing was remembered. The hazard of {@link describeKept} holds.
 */
export function hasKeptChanged(directory: string, plan: JsonObject): boolean | undefined {
  const kept = plan[KEPT] as JsonObject | undefined
  const path = join(directory, 'db.sqlite')
  const database = statOf(path)
  if (kept === undefined || database === undefined) return undefined
  if (['db.sqlite-wal', 'db.sqlite-journal'].some(name => (statOf(join(directory, name))?.size ?? 0n) > 0n)) return true
  const { bytes, inode, written } = identityOf(database)
  if (bytes !== kept['bytes']) return true
  // Whoever copies a site, or puts one back from a backup, gives its files new numbers and times.
  return (inode !== kept['inode'] || written !== kept['written']) && checksumOf(path) !== kept['checksum']
}

function identityOf({ size, ino, mtimeNs }: BigIntStats) {
  return { bytes: Number(size), inode: String(ino), written: String(mtimeNs) }
}

function statOf(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })
}

function checksumOf(path: string): number {
  const descriptor = openSync(path, 'r')
  const buffer = Buffer.alloc(CHUNK)
  try {
    let checksum = 0
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer))
      checksum = crc32(buffer.subarray(0, read), checksum)
    return checksum
  } finally {
    closeSync(descriptor)
  }
}
