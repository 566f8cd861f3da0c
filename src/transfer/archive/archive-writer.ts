import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Header, type Pack, pack } from 'tar-stream'
import { type Manifest, writeManifest } from './manifest.js'

/** Ustar's size field ends here; larger entries also say their size in a pax header. */
const LARGEST_USTAR_SIZE = 8 * 1024 ** 3 - 1
/** Databases shrink to about the same size at every level; the lowest is three times as fast as the default. */
const GZIP_LEVEL = 1
const CHUNK = 256 * 1024

export interface WriteArchiveOptions {
  readonly onBytes?: ((bytes: number) => void) | undefined
  /** Called when all content is written and the archive has no end yet: a reader waits for it. */
  readonly beforeEnd?: (() => Promise<void>) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Writes a gzip-compressed tar of a staged user store: `manifest.json`, `db.sqlite`, then the directories and files
 * below `files/` in the manifest's order. `staging` must not change meanwhile and must be what the manifest says.
 *
 * Streams: memory does not grow with the store. `output` is ended when all is written and destroyed on failure.
 */
export async function writeArchive(
  staging: string,
  manifest: Manifest,
  output: Writable,
  options: WriteArchiveOptions = {},
): Promise<void> {
  const tar = pack()
  const fill = fillArchive(tar, { staging, manifest, ...options }).catch(error => tar.destroy(error))
  const signal = options.signal === undefined ? {} : { signal: options.signal }
  const flow = pipeline(tar as unknown as Readable, createGzip({ level: GZIP_LEVEL }), output, signal)
  // The staging directory is removed when this returns: whoever still reads it must have ended by then.
  const [flowed] = await Promise.allSettled([flow, fill])
  if (flowed.status === 'rejected') throw flowed.reason
}

type Entry = Partial<Header> & Pick<Header, 'name'>

interface Filling extends WriteArchiveOptions {
  readonly staging: string
  readonly manifest: Manifest
}

async function fillArchive(tar: Pack, filling: Filling): Promise<void> {
  const { manifest } = filling
  const mtime = new Date(manifest.created)
  const text = Buffer.from(writeManifest(manifest))
  await addEntry(
    tar,
    { name: 'manifest.json', size: text.length, mtime },
    Readable.from([text]) as AsyncIterable<Buffer>,
  )
  await addFile(tar, { name: 'db.sqlite', size: manifest.database.bytes, mtime }, filling)
  for (const path of manifest.directories)
    await addEntry(tar, { name: `files/${path}`, type: 'directory', mode: 0o700, mtime }, null)
  for (const file of manifest.files)
    await addFile(tar, { name: `files/${file.path}`, size: file.bytes, mtime }, filling)
  await filling.beforeEnd?.()
  tar.finalize()
}

async function addFile(tar: Pack, headers: Entry, { staging, onBytes }: Filling): Promise<void> {
  await addEntry(tar, headers, contentOf(join(staging, headers.name), onBytes))
}

/** Opens the file when the first byte is asked for, so that nothing is open, or fails, that nobody waits for. */
async function* contentOf(path: string, onBytes: WriteArchiveOptions['onBytes']): AsyncIterable<Buffer> {
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    onBytes?.(chunk.length)
    yield chunk
  }
}

async function addEntry(tar: Pack, headers: Entry, content: AsyncIterable<Buffer> | null): Promise<void> {
  const size = headers.size ?? 0
  const pax = size > LARGEST_USTAR_SIZE ? { pax: { size: String(size) } } : {}
  const entry = tar.entry({ mode: 0o600, type: 'file', ...headers, ...pax })
  if (content === null) return
  await pipeline(content, entry as unknown as Writable)
}
