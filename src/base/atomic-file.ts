import {
  closeSync,
  fsyncSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { newUlid } from './ids.js'
import { isRoot } from './this-process.js'

/**
 * Replaces or creates the file at `path`; a reader sees the old bytes or the new ones, also after a power cut.
 * On failure the old file is untouched and no temporary file is left.
 */
export function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  options: { readonly mode?: number } = {},
): void {
  const sibling = join(dirname(path), `.${newUlid()}.tmp`)
  try {
    writeFileSync(sibling, data, { mode: options.mode ?? 0o600, flag: 'wx', flush: true })
    renameSync(sibling, path)
  } catch (error) {
    rmSync(sibling, { force: true })
    throw error
  }
  fsyncPath(dirname(path))
}

/**
 * Flushes a file's data, or a directory's entries, to the disk.
 * Never call it on a database that this process has open in SQLite: closing the descriptor drops SQLite's locks.
 */
export function fsyncPath(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Flushes a directory and everything below it (symbolic links are not followed). The hazard of {@link fsyncPath} holds. */
export function fsyncTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) fsyncTree(path)
    else if (entry.isFile()) fsyncPath(path)
  }
  fsyncPath(directory)
}

/** Makes a directory and its missing ancestors, each with mode 0700. One that exists is left as it is. */
export function makeDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
}

/**
 * Gives `path` to whoever owns `model`, so that what root makes inside a site belongs to the site's owner.
 * For anybody else it does nothing: what they make in a place of somebody else's, such as `/tmp`, stays their own.
 *
 * Who owns a site may put a link in the way of what root makes there: one is given away itself and not what it leads
 * to, and a file with a second name stays whose it is.
 */
export function giveToOwnerOf(model: string, path: string): void {
  if (!isRoot()) return
  const wanted = statSync(model)
  const actual = lstatSync(path)
  if (actual.isFile() && actual.nlink > 1) return
  if (wanted.uid !== actual.uid || (actual.uid === 0 && wanted.gid !== actual.gid))
    lchownSync(path, wanted.uid, wanted.gid)
}
