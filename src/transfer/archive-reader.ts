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
import { type Readable, Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { type Extract, extract } from 'tar-stream'
import { MantissaError } from '../base/errors.js'
import { fsyncDirectories, makeTreeDirectory } from './file-tree.js'
import { contentBytes, LARGEST_MANIFEST, type Manifest, parseManifest } from './manifest.js'
import {
  MalformedArchiveError,
  TruncatedArchiveError,
  UnsafeArchiveEntryError,
  VerificationError,
} from './transfer-errors.js'

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

class ManifestSeen extends Error {}

/** Reads only the manifest, and writes nothing; the input is destroyed. Throws as {@link readArchive} does. */
export async function readArchiveManifest(input: Readable): Promise<Manifest> {
  let seen: Manifest | undefined
  try {
    await readArchive(input, '', {
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
  readonly staging: string
  readonly options: ReadArchiveOptions
  readonly budget: Budget
}

async function unpack(entries: AsyncIterable<Entry>, unpacking: Unpacking): Promise<Manifest> {
  let expected: Expectation | undefined
  for await (const entry of entries) {
    refuseKind(entry)
    if (expected === undefined) expected = await readManifestEntry(entry, unpacking)
    else await writeEntry(entry, expected, unpacking)
  }
  if (expected === undefined) throw new TruncatedArchiveError('the archive is empty')
  expected.requireComplete()
  const { manifest } = expected
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
  await makeTreeDirectory(join(staging, 'files'))
  return new Expectation(manifest)
}

async function writeEntry(entry: Entry, expected: Expectation, { staging, options }: Unpacking): Promise<void> {
  const { name, type } = entry.header
  if (type === 'directory') {
    const path = expected.takeDirectory(name)
    entry.resume()
    if (path !== '') await makeTreeDirectory(join(staging, 'files', path))
    return
  }
  const { path, bytes, sha256 } = expected.takeFile(name, entry.header.size ?? 0)
  const actual = await writeContent(entry, join(staging, path), options)
  if (actual.bytes !== bytes) throw new TruncatedArchiveError(`${name} ends after ${actual.bytes} of ${bytes} bytes`)
  if (actual.sha256 !== sha256)
    throw new VerificationError(`${name} does not have the hash that the manifest says`, { name })
}

async function writeContent(entry: Entry, path: string, { onBytes }: ReadArchiveOptions) {
  const file = await open(path, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of entry as AsyncIterable<Buffer>) {
      hash.update(chunk)
      await file.appendFile(chunk)
      bytes += chunk.length
      onBytes?.(chunk.length)
    }
    await file.sync()
    return { bytes, sha256: hash.digest('hex') }
  } finally {
    await file.close()
  }
}

/** What the manifest still lets come. */
class Expectation {
  readonly manifest: Manifest
  readonly #files: Map<string, { readonly path: string; readonly bytes: number; readonly sha256: string }>
  readonly #directories: Set<string>
  readonly #made = new Set([''])

  constructor(manifest: Manifest) {
    this.manifest = manifest
    this.#directories = new Set(manifest.directories)
    this.#files = new Map(manifest.files.map(file => [`files/${file.path}`, { ...file, path: `files/${file.path}` }]))
    this.#files.set('db.sqlite', { ...manifest.database, path: 'db.sqlite' })
  }

  /** The directory's path below `files/`; empty for `files/` itself. */
  takeDirectory(name: string): string {
    const path = name.replace(/\/$/, '')
    if (path === 'files') return ''
    const inside = path.startsWith('files/') ? path.slice('files/'.length) : undefined
    if (inside === undefined || !this.#directories.delete(inside))
      throw new UnsafeArchiveEntryError(name, 'is not in the manifest')
    this.#requireParent(inside, name)
    this.#made.add(inside)
    return inside
  }

  takeFile(name: string, announced: number) {
    const file = this.#files.get(name)
    if (file === undefined || !this.#files.delete(name))
      throw new UnsafeArchiveEntryError(name, 'is not in the manifest')
    if (announced !== file.bytes)
      throw new VerificationError(`${name} announces ${announced} bytes, the manifest says ${file.bytes}`, { name })
    if (name !== 'db.sqlite') this.#requireParent(name.slice('files/'.length), name)
    return file
  }

  #requireParent(inside: string, name: string): void {
    const parent = inside.slice(0, Math.max(0, inside.lastIndexOf('/')))
    if (!this.#made.has(parent))
      throw new MalformedArchiveError(`archive entry ${JSON.stringify(name)} comes before its directory`)
  }

  requireComplete(): void {
    const missing = [...this.#files.keys(), ...this.#directories][0]
    if (missing !== undefined)
      throw new TruncatedArchiveError(`the archive ends before ${JSON.stringify(missing)}`, { missing })
  }
}

/** Counts decompressed bytes and ends the stream when they are more than could be meant. */
class Budget {
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  /** Replaces the allowance; what was read before counts no longer. */
  limit(bytes: number): void {
    this.#left = bytes
  }

  meter(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#left -= chunk.length
        if (this.#left >= 0) done(null, chunk)
        else done(new MalformedArchiveError('the archive unpacks to more than its manifest announces'))
      },
    })
  }
}

/** One stream of the chain says only that another ended early; that other one knows why. */
function isEcho(error: unknown): boolean {
  return error instanceof Error && /premature close|stream was destroyed|closed prematurely/i.test(error.message)
}

/** Errors of zlib and of the tar reader, in this project's words. */
function translate(error: unknown): unknown {
  if (error instanceof MantissaError || !(error instanceof Error)) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'Z_BUF_ERROR' || error.message === 'Unexpected end of data' || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return new TruncatedArchiveError('the archive is cut off', {}, error)
  if (code.startsWith('Z_')) return new MalformedArchiveError('the archive is not gzip, or it is damaged', {}, error)
  if (/tar|header/i.test(error.message))
    return new MalformedArchiveError('the archive is not a tar file, or it is damaged', {}, error)
  return error
}
