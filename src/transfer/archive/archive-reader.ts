/**
 * Reading an archive from a stranger into a staging directory.
 *
 * Everything is judged while it streams, against the manifest that comes first: the order and names of entries,
 * their kinds, their sizes before a byte of them is written, their hashes after. What is written is therefore bounded
 * by what the manifest announces, and that is bounded by the caller, who knows the free space. What is read is bounded
 * as well: a gzip bomb of padding or of repeated headers ends as soon as more was decompressed than the manifest
 * allows.
 *
 * On failure the staging directory holds whatever had arrived; the caller removes it. Nothing outside of it is
 * touched: paths are relative names that were checked, and the directory is new and private, so no link can stand
 * in the way.
 */
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { ArchiveRefusedError } from '../archive-faults.js'
import { Budget } from './archive-budget.js'
import { isEcho, translate } from './archive-errors.js'
import type { Manifest } from './manifest.js'
import { FIRST_ALLOWANCE, type ReadArchiveOptions, unpackEntries } from './unpack-entries.js'

/**
 * Unpacks and verifies an archive. When it returns, `staging` (an existing empty directory) holds exactly
 * `db.sqlite` and `files/` as the manifest lists them, every hash was right, and all of it is on the disk.
 *
 * @throws ArchiveRefusedError, VerificationError
 */
export async function readArchive(
  input: Readable,
  staging: string,
  options: ReadArchiveOptions = {},
): Promise<Manifest> {
  return readEntries(input, { ...options, staging })
}

interface ReadEntriesOptions extends ReadArchiveOptions {
  /** Null: nothing is written. */
  readonly staging: string | null
}

/** Two blocks of zeros. */
const END_OF_ARCHIVE = 1024

async function readEntries(input: Readable, { staging, ...options }: ReadEntriesOptions): Promise<Manifest> {
  const budget = new Budget(FIRST_ALLOWANCE)
  const tar = extract()
  const signal = options.signal === undefined ? {} : { signal: options.signal }
  const flow = pipeline(input, createGunzip(), budget.meter(), tar as unknown as Writable, signal)
  flow.catch(() => {})
  try {
    const { manifest, end } = await unpackEntries(tar, { staging, options, budget })
    await flow
    if (budget.seen < end + END_OF_ARCHIVE)
      throw new ArchiveRefusedError('ARCHIVE_TRUNCATED', 'the archive is cut off: its end is missing')
    return manifest
  } catch (error) {
    input.destroy()
    const cause = await flow.then(
      () => error,
      reason => (isEcho(error) ? reason : error),
    )
    throw translate(cause, budget.isAnnounced)
  }
}

/** Reads an archive to its end and compares every hash, writing nothing. Throws as {@link readArchive} does. */
export async function verifyArchive(input: Readable, options: ReadArchiveOptions = {}): Promise<Manifest> {
  return readEntries(input, { ...options, staging: null })
}

class ManifestSeen extends Error {}

/** Reads only the manifest, and writes nothing; the input is destroyed. Throws as {@link readArchive} does. */
export async function readArchiveManifest(input: Readable): Promise<Manifest> {
  let seen: Manifest | undefined
  try {
    await verifyArchive(input, {
      onManifest: manifest => {
        seen = manifest
        throw new ManifestSeen()
      },
    })
  } catch (error) {
    if (!(error instanceof ManifestSeen)) throw error
  }
  if (seen === undefined) throw new ArchiveRefusedError('ARCHIVE_TRUNCATED', 'the archive is empty')
  return seen
}
