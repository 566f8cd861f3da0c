import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { namingFile } from '../../base/atomic-file.js'
import { UnmovableFileError } from '../transfer-errors.js'

const CHUNK = 1024 * 1024
/** Whoever owns a tree may exchange its files while it is copied: a link is not followed, a pipe not waited for. */
const READING = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
const WRITING = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW

/** One per file that is read at once, used again for the next: the collector would leave hundreds of them lying. */
const spareBuffers: Buffer[] = []

export interface CopiedFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

export interface CopyOptions {
  readonly onBytes?: ((bytes: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Copies one regular file, hashing the bytes as they pass; the copy is flushed to the disk before this returns.
 * An existing file at `to` is overwritten. Mode 0600.
 *
 * @throws UnmovableFileError for a link or anything else that is no regular file.
 */
export async function copyFileHashed(
  from: string,
  to: string,
  options: CopyOptions = {},
): Promise<Omit<CopiedFile, 'path'>> {
  const source = await openRegular(from)
  try {
    const target = await open(to, WRITING, 0o600)
    try {
      const hash = createHash('sha256')
      const bytes = await eachChunk(source, async chunk => {
        options.signal?.throwIfAborted()
        hash.update(chunk)
        await writeAll(target, chunk)
        options.onBytes?.(chunk.length)
      })
      await target.sync()
      return { bytes, sha256: hash.digest('hex') }
    } catch (error) {
      throw namingFile(error, to)
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
  const file = await openRegular(path)
  try {
    const hash = createHash('sha256')
    const bytes = await eachChunk(file, async chunk => {
      options.signal?.throwIfAborted()
      hash.update(chunk)
      options.onBytes?.(chunk.length)
    })
    return { bytes, sha256: hash.digest('hex') }
  } finally {
    await file.close()
  }
}

/** Opens a regular file for reading, and nothing else. @throws UnmovableFileError */
export async function openRegular(path: string): Promise<FileHandle> {
  const file = await open(path, READING).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ELOOP' ? new UnmovableFileError(path, 'is a symbolic link, not a regular file') : error
  })
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw new UnmovableFileError(path, 'is no regular file')
}

/** One `write` may take less than it was given. */
async function writeAll(file: FileHandle, chunk: Buffer): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at, chunk.length - at)).bytesWritten
}

async function eachChunk(file: FileHandle, use: (chunk: Buffer) => Promise<void>): Promise<number> {
  const buffer = spareBuffers.pop() ?? Buffer.allocUnsafe(CHUNK)
  try {
    let total = 0
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, null)
      if (bytesRead === 0) return total
      await use(buffer.subarray(0, bytesRead))
      total += bytesRead
    }
  } finally {
    spareBuffers.push(buffer)
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
  for (const path of [...relative].reverse()) await syncFile(join(root, path))
  await syncFile(root)
}

/** Flushes a file or a directory to the disk. The hazard of {@link hashFile} holds. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } catch (error) {
    throw namingFile(error, path)
  } finally {
    await handle.close()
  }
}
