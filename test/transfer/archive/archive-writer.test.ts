import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { createGunzip, gzipSync } from 'node:zlib'
import { expect, it, onTestFinished } from 'vitest'
import { readArchive } from '../../../src/transfer/archive/archive-reader.js'
import { writeArchive } from '../../../src/transfer/archive/archive-writer.js'
import { writeManifest } from '../../../src/transfer/archive/manifest.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { fileEntry } from '../hostile/base-archive.js'
import { archiveManifest, hashOf } from './hand-made.js'

const FILES = Array.from({ length: 8 }, (_, index) => `file-${index}`)
const SIZE = 3000

/** A staging directory with a database and files of one chunk each, and the manifest of it. */
function staged() {
  const staging = temporaryDirectory()
  mkdirSync(join(staging, 'files'))
  for (const name of ['db.sqlite', ...FILES.map(file => `files/${file}`)])
    writeFileSync(join(staging, name), Buffer.alloc(SIZE, 'x'))
  const files = FILES.map(path => ({ path, bytes: SIZE, sha256: '0'.repeat(64) }))
  const { database } = archiveManifest()
  return { staging, manifest: archiveManifest({ database: { ...database, bytes: SIZE }, directories: [], files }) }
}

/** How long after a file was read the archive is given up: at once, after some microtasks, after turns of the loop. */
const PAUSES: readonly (() => Promise<void>)[] = [
  async () => {},
  ...[1, 2, 4, 8].map(ticks => async () => {
    for (let tick = 0; tick < ticks; tick++) await undefined
  }),
  ...[1, 2, 3].map(turns => async () => {
    for (let each = 0; each < turns; each++) await turn()
  }),
]

it('that is given up between any two files leaves nobody who still reads: the staged copy may be removed', async () => {
  const strays: Error[] = []
  const note = (error: Error) => strays.push(error)
  process.prependListener('uncaughtException', note)
  onTestFinished(() => void process.off('uncaughtException', note))
  for (const pause of PAUSES)
    for (let after = 1; after <= FILES.length; after++) {
      const { staging, manifest } = staged()
      const stop = new AbortController()
      let read = 0
      const writing = writeArchive(staging, manifest, createWriteStream(join(temporaryDirectory(), 'a.tar.gz')), {
        signal: stop.signal,
        onBytes: () => {
          if (++read === after) void pause().then(() => stop.abort())
        },
      })
      await writing.catch(() => {})
      rmSync(staging, { recursive: true })
      for (let turns = 0; turns < 3; turns++) await turn()
    }
  expect(strays.map(({ message }) => message)).toEqual([])
})

it('waits for what is decided before its end, though its reader has gone meanwhile', async () => {
  const { staging, manifest } = staged()
  const output = new PassThrough()
  output.resume()
  let decided = false
  const writing = writeArchive(staging, manifest, output, {
    beforeEnd: async () => {
      output.destroy(new Error('gone'))
      for (let turns = 0; turns < 10; turns++) await turn()
      decided = true
    },
  })
  await expect(writing).rejects.toThrow()
  expect(decided).toBe(true)
})

it('fails when a file has vanished, and leaves its output unfinished', async () => {
  const { staging, manifest } = staged()
  rmSync(join(staging, 'files', FILES[3] as string))
  const file = join(temporaryDirectory(), 'a.tar.gz')
  await expect(writeArchive(staging, manifest, createWriteStream(file))).rejects.toMatchObject({ code: 'ENOENT' })
  expect(existsSync(file)).toBe(true)
})

it('says sizes over eight gigabytes in a pax header, and the reader takes them', async () => {
  const { staging, manifest } = staged()
  const bytes = 9 * 2 ** 30
  truncateSync(join(staging, 'files', FILES[0] as string), bytes)
  const huge = { ...manifest, files: [{ path: FILES[0] as string, bytes, sha256: '0'.repeat(64) }] }
  const output = new PassThrough()
  const stop = new AbortController()
  let read = 0
  const onBytes = (length: number) => {
    read += length
    if (read > 2 ** 26) stop.abort()
  }
  const writing = writeArchive(staging, huge, output, { onBytes, signal: stop.signal }).catch(() => {})
  const begun: Buffer[] = []
  output.on('data', chunk => begun.push(chunk))
  await writing
  const tar = await beginningOf(Buffer.concat(begun))
  expect(tar.includes(' size=9663676416\n')).toBe(true)
  const small = { ...huge, database: { ...huge.database, sha256: hashOf(Buffer.alloc(SIZE, 'x')) } }
  const head = Buffer.concat([
    fileEntry('manifest.json', writeManifest(small)),
    tar.subarray(tar.indexOf('db.sqlite\0')),
  ])
  const reading = readArchive(Readable.from([gzipSync(head)]), temporaryDirectory())
  await expect(reading).rejects.toMatchObject({ code: 'ARCHIVE_TRUNCATED' })
})

/** What can be read of an archive that was not finished. */
async function beginningOf(bytes: Buffer): Promise<Buffer> {
  const unzipped: Buffer[] = []
  const gunzip = createGunzip().on('data', chunk => unzipped.push(chunk))
  gunzip.end(bytes)
  await once(gunzip, 'error')
  return Buffer.concat(unzipped)
}
