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
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { type Extract, extract } from 'tar-stream'
import { namingFile } from '../../base/atomic-file.js'
import { fsyncDirectories, makeTreeDirectory } from '../copying/copy-file.js'
import {
  MalformedArchiveError,
  TruncatedArchiveError,
  UnsafeArchiveEntryError,
  VerificationError,
} from '../transfer-errors.js'
import { Budget } from './archive-budget.js'
import { isEcho, translate } from './archive-errors.js'
import { Expectation } from './archive-expectation.js'
import { contentBytes, LARGEST_MANIFEST, type Manifest } from './manifest.js'
import { parseManifest } from './parse-manifest.js'

type Entry = Extract extends AsyncIterable<infer E> ? E : never

export interface ReadArchiveOptions {
  /** Called with the manifest before anything else is written; throwing refuses the archive. */
  readonly onManifest?: ((manifest: Manifest) => void | Promise<void>) | undefined
  readonly onBytes?: ((bytes: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Headers, padding and pax records of one entry, generously. */
const OVERHEAD_PER_ENTRY = 16 * 1024
const OVERHEAD = 4 * 1024 * 1024

/**
 * Unpacks and verifies an archive. When it returns, `staging` (an existing empty directory) holds exactly
 * `db.sqlite` and `files/` as the manifest lists them, every hash was right, and all of it is on the disk.
 *
 * @throws MalformedArchiveError, TruncatedArchiveError, UnsafeArchiveEntryError, ArchiveTooNewError, VerificationError
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

async function readEntries(input: Readable, { staging, ...options }: ReadEntriesOptions): Promise<Manifest> {
  const budget = new Budget(LARGEST_MANIFEST + OVERHEAD)
  const tar = extract()
  const signal = options.signal === undefined ? {} : { signal: options.signal }
  const flow = pipeline(input, createGunzip(), budget.meter(), tar as unknown as Writable, signal)
  flow.catch(() => {})
  try {
    const manifest = await unpack(tar, { staging, options, budget })
    await flow
    return manifest
  } catch (error) {
    input.destroy()
    const cause = await flow.then(
      () => error,
      reason => (isEcho(error) ? reason : error),
    )
    throw translate(cause)
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
  if (seen === undefined) throw new TruncatedArchiveError('the archive is empty')
  return seen
}

interface Unpacking {
  readonly staging: string | null
  readonly options: ReadArchiveOptions
  readonly budget: Budget
}

async function unpack(entries: AsyncIterable<Entry>, unpacking: Unpacking): Promise<Manifest> {
  let expected: Expectation | undefined
  for await (const entry of entries) {
    refuseKind(entry)
    if (expected === undefined) expected = await readManifestEntry(entry, unpacking)
    else await takeEntry(entry, expected, unpacking)
  }
  if (expected === undefined) throw new TruncatedArchiveError('the archive is empty')
  expected.requireComplete()
  const { manifest } = expected
  if (unpacking.staging === null) return manifest
  await fsyncDirectories(join(unpacking.staging, 'files'), manifest.directories)
  await fsyncDirectories(unpacking.staging, [])
  return manifest
}

function refuseKind({ header }: Entry): void {
  if (header.type === 'file' || header.type === 'directory') return
  throw new UnsafeArchiveEntryError(
    header.name,
    `is of kind ${header.type ?? 'unknown'}; only files and directories are allowed`,
  )
}

async function readManifestEntry(entry: Entry, { staging, options, budget }: Unpacking): Promise<Expectation> {
  const { name, size = 0, type } = entry.header
  if (name !== 'manifest.json' || type !== 'file')
    throw new MalformedArchiveError(`the archive begins with ${JSON.stringify(name)}, not with manifest.json`)
  if (size > LARGEST_MANIFEST)
    throw new MalformedArchiveError(`the manifest announces ${size} bytes, which is too much`)
  const chunks: Buffer[] = []
  for await (const chunk of entry) chunks.push(chunk as Buffer)
  const manifest = parseManifest(Buffer.concat(chunks).toString('utf8'))
  await options.onManifest?.(manifest)
  const entries = manifest.files.length + manifest.directories.length + 2
  budget.limit(size + contentBytes(manifest) + entries * OVERHEAD_PER_ENTRY + OVERHEAD)
  if (staging !== null) await makeTreeDirectory(join(staging, 'files'))
  return new Expectation(manifest)
}

async function takeEntry(entry: Entry, expected: Expectation, { staging, options }: Unpacking): Promise<void> {
  const { name, type } = entry.header
  if (type === 'directory') {
    const path = expected.takeDirectory(name)
    entry.resume()
    if (path !== '' && staging !== null) await makeTreeDirectory(join(staging, 'files', path))
    return
  }
  const { path, bytes, sha256 } = expected.takeFile(name, entry.header.size ?? 0)
  const actual = await hashContent(entry, staging === null ? null : join(staging, path), options)
  if (actual.bytes !== bytes) throw new TruncatedArchiveError(`${name} ends after ${actual.bytes} of ${bytes} bytes`)
  if (actual.sha256 !== sha256)
    throw new VerificationError(`${name} does not have the hash that the manifest says`, { name })
}

async function hashContent(entry: Entry, path: string | null, { onBytes }: ReadArchiveOptions) {
  const file = path === null ? undefined : await open(path, 'wx', 0o600)
  const named = (error: unknown) => {
    throw namingFile(error, path ?? '')
  }
  try {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of entry as AsyncIterable<Buffer>) {
      hash.update(chunk)
      await file?.appendFile(chunk).catch(named)
      bytes += chunk.length
      onBytes?.(chunk.length)
    }
    await file?.sync().catch(named)
    return { bytes, sha256: hash.digest('hex') }
  } finally {
    await file?.close()
  }
}
