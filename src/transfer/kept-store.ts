/**
 * What is remembered of a store that is put aside when its user has moved away, so that it can be told later whether a
 * program that does not honour the fence has gone on writing it. SQLite's change counter does not tell: in WAL mode most
 * commits leave it alone. The file system does, at no cost: nobody else writes there, so a later time of writing on the
 * very same file is a writer's. Of a copy of the file it says nothing.
 */
import { type BigIntStats, lstatSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../base/json.js'

/** Where the plan of a transfer keeps it. */
export const KEPT = 'kept'

/** Which file the store's database is, its size, and when it was last written, in nanoseconds since 1970. */
export function describeKept(directory: string): JsonObject {
  const { ino, size, mtimeNs } = lstatSync(join(directory, 'db.sqlite'), { bigint: true })
  return { inode: String(ino), bytes: String(size), written: String(mtimeNs) }
}

/**
 * Whether a store that is kept aside differs from what was remembered, or has a log, which a writer leaves. Undefined
 * where nothing was remembered, and where its database is another file by now: somebody has copied the site.
 */
export function hasKeptChanged(directory: string, plan: JsonObject): boolean | undefined {
  const kept = plan[KEPT] as JsonObject | undefined
  const database = statOf(directory, 'db.sqlite')
  if (kept === undefined || database === undefined || String(database.ino) !== kept['inode']) return undefined
  if (['db.sqlite-wal', 'db.sqlite-journal'].some(name => (statOf(directory, name)?.size ?? 0n) > 0n)) return true
  return String(database.size) !== kept['bytes'] || String(database.mtimeNs) !== kept['written']
}

function statOf(directory: string, name: string): BigIntStats | undefined {
  return lstatSync(join(directory, name), { bigint: true, throwIfNoEntry: false })
}
