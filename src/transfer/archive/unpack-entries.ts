import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Extract } from 'tar-stream'
import { namingFile } from '../../base/atomic-file.js'
import { ArchiveRefusedError, entryRefused } from '../archive-faults.js'
import { fsyncDirectories, makeTreeDirectory } from '../copying/copy-file.js'
import { VerificationError } from '../transfer-errors.js'
import type { Budget } from './archive-budget.js'
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

export interface Unpacking {
  /** Null: nothing is written. */
  readonly staging: string | null
  readonly options: ReadArchiveOptions
  readonly budget: Budget
}

export interface Unpacked {
  readonly manifest: Manifest
  /** Where the last entry ended, in decompressed bytes; the end of the archive is still to come. */
  readonly end: number
}

/** Headers, padding and pax records of one entry, generously. */
const OVERHEAD_PER_ENTRY = 16 * 1024
const OVERHEAD = 4 * 1024 * 1024
/** What an archive may take until its manifest says more. */
export const FIRST_ALLOWANCE = LARGEST_MANIFEST + OVERHEAD

/** Takes every entry as the manifest has it, writes it to the staging directory, and flushes that to the disk. */
export async function unpackEntries(entries: AsyncIterable<Entry>, unpacking: Unpacking): Promise<Unpacked> {
  let expected: Expectation | undefined
  let end = 0
  for await (const entry of entries) {
    refuseKind(entry)
    if (expected === undefined) expected = await readManifestEntry(entry, unpacking)
    else await takeEntry(entry, expected, unpacking)
    end = endOf(entry)
  }
  if (expected === undefined) throw new ArchiveRefusedError('ARCHIVE_TRUNCATED', 'the archive is empty')
  expected.requireComplete()
  const { manifest } = expected
  if (unpacking.staging !== null) {
    await fsyncDirectories(join(unpacking.staging, 'files'), manifest.directories)
    await fsyncDirectories(unpacking.staging, [])
  }
  return { manifest, end }
}

/** The reader tells where the content of an entry begins; its declared types do not. */
function endOf({ header }: Entry): number {
  const { byteOffset, size = 0 } = header as typeof header & { readonly byteOffset: number }
  return byteOffset + Math.ceil(size / 512) * 512
}

function refuseKind({ header }: Entry): void {
  if (header.type === 'file' || header.type === 'directory') return
  const why = `is of kind ${header.type ?? 'unknown'}; only files and directories are allowed`
  throw entryRefused('ARCHIVE_UNSAFE_ENTRY', header.name, why)
}

async function readManifestEntry(entry: Entry, { staging, options, budget }: Unpacking): Promise<Expectation> {
  const { name, size = 0, type } = entry.header
  if (name !== 'manifest.json' || type !== 'file') {
    const message = `it is no archive of a user: it begins with ${JSON.stringify(name)}, not with manifest.json`
    throw new ArchiveRefusedError('NOT_AN_ARCHIVE', message)
  }
  if (size > LARGEST_MANIFEST)
    throw new ArchiveRefusedError('ARCHIVE_TOO_LARGE', `the manifest announces ${size} bytes, which is too much`)
  const chunks: Buffer[] = []
  for await (const chunk of entry) chunks.push(chunk as Buffer)
  const manifest = parseManifest(Buffer.concat(chunks))
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
  if (actual.bytes !== bytes)
    throw new ArchiveRefusedError('ARCHIVE_TRUNCATED', `${name} ends after ${actual.bytes} of ${bytes} bytes`)
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
