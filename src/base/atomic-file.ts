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
    removeIfPossible(sibling)
    throw namingFile(error, path)
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
  } catch (error) {
    throw namingFile(error, path)
  } finally {
    closeSync(descriptor)
  }
}

/** The error of a call on a descriptor, which does not say which file that is, with the path as others have it. */
export function namingFile(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || 'path' in error) return error
  return Object.assign(error, { path, message: `${error.message} '${path}'` })
}

/**
 * Removes what nobody needs any more, at the end of a deed that must not fail for it. What the disk does not let go of
 * stays there as it would after a crash, for whoever looks for what dead processes have left.
 */
export function removeIfPossible(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {
    // Told above.
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
