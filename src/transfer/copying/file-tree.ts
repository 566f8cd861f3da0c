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
const LOG = '-wal'
const DATABASE_COMPANION = /-(wal|shm|journal)$/

/**
 * Lists everything below `root`, parents first, sorted by path. A missing root is an empty tree. What a file is need not
 * be looked up again where it is as it was in an earlier listing, `known`.
 *
 * @throws UnmovableFileError for a link, a device, a socket, a pipe, or a name that is not UTF-8.
 */
export async function listTree(root: string, known: readonly TreeEntry[] = []): Promise<TreeEntry[]> {
  const listing: Listing = { root, entries: [], known: new Map(known.map(entry => [entry.path, entry])) }
  await refuseStrangeRoot(root)
  await listInto(listing, '')
  return withoutCompanions(listing.entries).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

interface Listing {
  readonly root: string
  readonly entries: TreeEntry[]
  readonly known: ReadonlyMap<string, TreeEntry>
}

async function refuseStrangeRoot(root: string): Promise<void> {
  const facts = await lstat(root).catch(() => undefined)
  if (facts === undefined || facts.isDirectory()) return
  throw new UnmovableFileError(root, facts.isSymbolicLink() ? 'is a symbolic link, not a directory' : 'is no directory')
}

async function listInto(listing: Listing, prefix: string): Promise<void> {
  for (const name of await namesIn(join(listing.root, prefix))) {
    const path = prefix === '' ? name : `${prefix}/${name}`
    const entry = await describe(listing, path).catch(ifVanished)
    if (entry === undefined) continue
    listing.entries.push(entry)
    if (entry.kind === 'directory') await listInto(listing, path)
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

async function describe({ root, known }: Listing, path: string): Promise<TreeEntry> {
  const absolute = join(root, path)
  const facts = await lstat(absolute, { bigint: true })
  const signature = `${facts.ino}:${facts.size}:${facts.mtimeNs}:${facts.ctimeNs}`
  if (facts.isDirectory()) return { path, kind: 'directory', bytes: 0, signature: 'directory' }
  if (!facts.isFile()) throw new UnmovableFileError(absolute, `is ${nameOfKind(facts)}, not a regular file`)
  const earlier = known.get(path)
  if (earlier?.signature === signature) return earlier
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

/**
 * The log and index beside a database belong to it; its image holds what they hold. What was committed may lie in the
 * log alone. An empty log says nothing: whoever reads the database makes one.
 */
function withoutCompanions(entries: readonly TreeEntry[]): TreeEntry[] {
  const databases = new Set(entries.filter(entry => entry.kind === 'database').map(entry => entry.path))
  const logs = new Map(entries.filter(({ path, bytes }) => path.endsWith(LOG) && bytes > 0).map(log => [log.path, log]))
  return entries
    .filter(({ path }) => !(DATABASE_COMPANION.test(path) && databases.has(path.replace(DATABASE_COMPANION, ''))))
    .map(entry => (entry.kind === 'database' ? withLog(entry, logs.get(`${entry.path}${LOG}`)) : entry))
}

function withLog(database: TreeEntry, log: TreeEntry | undefined): TreeEntry {
  return log === undefined ? database : { ...database, signature: `${database.signature} ${log.signature}` }
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
