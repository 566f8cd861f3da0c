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
import { createHash } from 'node:crypto'
import { type FileHandle, lstat, mkdir, open, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { UnmovableFileError } from './transfer-errors.js'

/** One file or directory, named relative to the root with `/` between names. */
export interface TreeEntry {
  readonly path: string
  readonly kind: 'file' | 'directory' | 'database'
  readonly bytes: number
  /** Changes whenever the content may have changed. */
  readonly signature: string
}

export interface CopiedFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

const CHUNK = 1024 * 1024
const SQLITE_MAGIC = Buffer.from('SQLite format 3\0', 'latin1')
const DATABASE_COMPANION = /-(wal|shm|journal)$/

/**
 * Lists everything below `root`, parents first, sorted by path. A missing root is an empty tree.
 *
 * @throws UnmovableFileError for a link, a device, a socket, a pipe, or a name that is not UTF-8.
 */
export async function listTree(root: string): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = []
  await listInto(entries, root, '')
  return withoutCompanions(entries).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

async function listInto(entries: TreeEntry[], root: string, prefix: string): Promise<void> {
  for (const name of await namesIn(join(root, prefix))) {
    const path = prefix === '' ? name : `${prefix}/${name}`
    const entry = await describe(join(root, path), path)
    entries.push(entry)
    if (entry.kind === 'directory') await listInto(entries, root, path)
  }
}

async function namesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory, { encoding: 'buffer' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.map(name => {
    const text = name.toString('utf8')
    if (Buffer.from(text, 'utf8').equals(name)) return text
    throw new UnmovableFileError(join(directory, text), 'has a name that is not UTF-8')
  })
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
  const file = await open(path, 'r')
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

export interface CopyOptions {
  readonly onBytes?: ((bytes: number) => void) | undefined
}

/**
 * Copies one regular file, hashing the bytes as they pass; the copy is flushed to the disk before this returns.
 * An existing file at `to` is overwritten. Mode 0600.
 */
export async function copyFileHashed(
  from: string,
  to: string,
  options: CopyOptions = {},
): Promise<Omit<CopiedFile, 'path'>> {
  const source = await open(from, 'r')
  try {
    const target = await open(to, 'w', 0o600)
    try {
      const hash = createHash('sha256')
      const bytes = await eachChunk(source, async chunk => {
        hash.update(chunk)
        await writeAll(target, chunk)
        options.onBytes?.(chunk.length)
      })
      await target.sync()
      return { bytes, sha256: hash.digest('hex') }
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/**
 * The SHA-256 and length of a file. Only for files that no SQLite connection of this process has open: closing
 * the descriptor would drop SQLite's locks.
 */
export async function hashFile(path: string, options: CopyOptions = {}): Promise<Omit<CopiedFile, 'path'>> {
  const file = await open(path, 'r')
  try {
    const hash = createHash('sha256')
    const bytes = await eachChunk(file, async chunk => {
      hash.update(chunk)
      options.onBytes?.(chunk.length)
    })
    return { bytes, sha256: hash.digest('hex') }
  } finally {
    await file.close()
  }
}

/** One `write` may take less than it was given. */
async function writeAll(file: FileHandle, chunk: Buffer): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at, chunk.length - at)).bytesWritten
}

async function eachChunk(file: FileHandle, use: (chunk: Buffer) => Promise<void>): Promise<number> {
  const buffer = Buffer.allocUnsafe(CHUNK)
  let total = 0
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK, null)
    if (bytesRead === 0) return total
    await use(buffer.subarray(0, bytesRead))
    total += bytesRead
  }
}

/** Makes a directory of a copied tree with mode 0700; one that exists already is fine. */
export async function makeTreeDirectory(path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error
  })
}

/** Flushes the entries of directories, children before parents. */
export async function fsyncDirectories(root: string, relative: readonly string[]): Promise<void> {
  for (const path of [...relative].reverse()) await fsyncOne(join(root, path))
  await fsyncOne(root)
}

async function fsyncOne(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
