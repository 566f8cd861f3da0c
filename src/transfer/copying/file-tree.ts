/**
 * The `files/` tree of a user store: listing it, and copying it with hashes.
 *
 * Only directories and regular files travel. A link could lead anywhere, a device or a socket means nothing
 * elsewhere, and a name that is not UTF-8 cannot be written into a manifest; each stops the deed by name before
 * anything is changed.
 *
 * A user may go on working while the tree is copied. So each file's identity (inode, size, times of change) is noted
 * when it is listed; listing again once the store is sealed tells which files to copy anew. Files of a store are
 * replaced by rename inside a write transaction, so a changed file always shows.
 *
 * SQLite databases below `files/` are not copied as bytes: their pages may be in a log beside them. They are
 * recognised here and imaged by the caller.
 */
import { lstat, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { UnmovableFileError } from '../transfer-errors.js'
import { openRegular } from './copy-file.js'

/** One file or directory, named relative to the root with `/` between names. */
export interface TreeEntry {
  readonly path: string
  readonly kind: 'file' | 'directory' | 'database'
  readonly bytes: number
  /** Changes whenever the content may have changed. */
  readonly signature: string
}

const SQLITE_MAGIC = Buffer.from('SQLite format 3\0', 'latin1')
const DATABASE_COMPANION = /-(wal|shm|journal)$/

/**
 * Lists everything below `root`, parents first, sorted by path. A missing root is an empty tree.
 *
 * @throws UnmovableFileError for a link, a device, a socket, a pipe, or a name that is not UTF-8.
 */
export async function listTree(root: string): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = []
  await refuseStrangeRoot(root)
  await listInto(entries, root, '')
  return withoutCompanions(entries).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

async function refuseStrangeRoot(root: string): Promise<void> {
  const facts = await lstat(root).catch(() => undefined)
  if (facts === undefined || facts.isDirectory()) return
  throw new UnmovableFileError(root, facts.isSymbolicLink() ? 'is a symbolic link, not a directory' : 'is no directory')
}

async function listInto(entries: TreeEntry[], root: string, prefix: string): Promise<void> {
  for (const name of await namesIn(join(root, prefix))) {
    const path = prefix === '' ? name : `${prefix}/${name}`
    const entry = await describe(join(root, path), path).catch(ifVanished)
    if (entry === undefined) continue
    entries.push(entry)
    if (entry.kind === 'directory') await listInto(entries, root, path)
  }
}

async function namesIn(directory: string): Promise<string[]> {
  const names = (await readdir(directory, { encoding: 'buffer' }).catch(ifVanished)) ?? []
  return names.map(name => {
    const text = name.toString('utf8')
    if (Buffer.from(text, 'utf8').equals(name)) return text
    throw new UnmovableFileError(join(directory, text), 'has a name that is not UTF-8')
  })
}

/** What its user removes while it is listed is not there. */
function ifVanished(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

async function describe(absolute: string, path: string): Promise<TreeEntry> {
  const facts = await lstat(absolute, { bigint: true })
  const signature = `${facts.ino}:${facts.size}:${facts.mtimeNs}:${facts.ctimeNs}`
  if (facts.isDirectory()) return { path, kind: 'directory', bytes: 0, signature: 'directory' }
  if (!facts.isFile()) throw new UnmovableFileError(absolute, `is ${nameOfKind(facts)}, not a regular file`)
  const kind = (await isDatabase(absolute)) ? 'database' : 'file'
  return { path, kind, bytes: Number(facts.size), signature }
}

function nameOfKind(facts: { isSymbolicLink(): boolean; isFIFO(): boolean; isSocket(): boolean }): string {
  if (facts.isSymbolicLink()) return 'a symbolic link'
  if (facts.isFIFO()) return 'a pipe'
  return facts.isSocket() ? 'a socket' : 'a device'
}

async function isDatabase(path: string): Promise<boolean> {
  // A nested store may be open in this process: opening its database here would drop SQLite's locks.
  if (basename(path) === 'db.sqlite') return true
  const file = await openRegular(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SQLITE_MAGIC.length), 0, SQLITE_MAGIC.length, 0)
    return bytesRead === SQLITE_MAGIC.length && buffer.equals(SQLITE_MAGIC)
  } finally {
    await file.close()
  }
}

/** The log and index beside a database belong to it; its image holds what they hold. */
function withoutCompanions(entries: readonly TreeEntry[]): TreeEntry[] {
  const databases = new Set(entries.filter(entry => entry.kind === 'database').map(entry => entry.path))
  return entries.filter(
    entry => !(DATABASE_COMPANION.test(entry.path) && databases.has(entry.path.replace(DATABASE_COMPANION, ''))),
  )
}

export interface TreeDifference {
  /** New, or changed since: to be copied (directories: to be made). */
  readonly changed: readonly TreeEntry[]
  /** Gone since, deepest first. */
  readonly gone: readonly TreeEntry[]
}

/** What must be done to a copy made from `before` so that it equals `after`. */
export function compareTrees(before: readonly TreeEntry[], after: readonly TreeEntry[]): TreeDifference {
  const old = new Map(before.map(entry => [entry.path, entry]))
  const present = new Map(after.map(entry => [entry.path, entry]))
  const same = (a: TreeEntry, b: TreeEntry | undefined) => b?.kind === a.kind && b.signature === a.signature
  return {
    changed: after.filter(entry => !same(entry, old.get(entry.path))),
    gone: before.filter(entry => present.get(entry.path)?.kind !== entry.kind).reverse(),
  }
}
