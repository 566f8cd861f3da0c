import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip, gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readArchive } from '../../../src/transfer/archive/archive-reader.js'
import { writeArchive } from '../../../src/transfer/archive/archive-writer.js'
import type { Manifest } from '../../../src/transfer/archive/manifest.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { archiveManifest, handMade, hashOf, type Member, tarHeader } from './hand-made.js'

const LONG = `${'sehr-lang-'.repeat(20)}größe.txt`
const CONTENT: Readonly<Record<string, string>> = {
  'a.txt': 'hello',
  'dir/empty': '',
  [`dir/sub/${LONG}`]: 'ümlaut',
}

const manifestOf = (changes: Partial<Manifest> = {}): Manifest =>
  archiveManifest({
    directories: ['dir', 'dir/sub', 'hollow'],
    files: Object.entries(CONTENT).map(([path, data]) => ({
      path,
      bytes: Buffer.byteLength(data),
      sha256: hashOf(data),
    })),
    ...changes,
  })

function stage(): string {
  const staging = temporaryDirectory()
  mkdirSync(join(staging, 'files/dir/sub'), { recursive: true })
  mkdirSync(join(staging, 'files/hollow'))
  writeFileSync(join(staging, 'db.sqlite'), 'database')
  for (const [path, data] of Object.entries(CONTENT)) writeFileSync(join(staging, 'files', path), data)
  return staging
}

async function archiveBytes(): Promise<Buffer> {
  const chunks: Buffer[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  await writeArchive(stage(), manifestOf(), sink)
  return Buffer.concat(chunks)
}

const GOOD: readonly Member[] = [
  { name: 'db.sqlite', data: 'database' },
  { name: 'files/dir', type: 'directory' },
  { name: 'files/dir/sub', type: 'directory' },
  { name: 'files/hollow', type: 'directory' },
  ...Object.entries(CONTENT).map(([path, data]) => ({ name: `files/${path}`, data })),
]

const read = (bytes: Buffer, into = temporaryDirectory()) => readArchive(Readable.from([bytes]), into)

describe('an archive', () => {
  it('comes back as it was written, byte for byte, non-ASCII and long names included', async () => {
    const file = join(temporaryDirectory(), 'alice.tar.gz')
    await writeArchive(stage(), manifestOf(), createWriteStream(file))
    const into = temporaryDirectory()
    expect(await readArchive(createReadStream(file), into)).toEqual(manifestOf())
    execFileSync('diff', ['-r', stage(), into])
  })

  it('begins with the manifest and is an ordinary tar', async () => {
    const file = join(temporaryDirectory(), 'alice.tar.gz')
    writeFileSync(file, await archiveBytes())
    const names = execFileSync('tar', ['-tzf', file, '--quoting-style=literal'], { encoding: 'utf8' })
      .trim()
      .split('\n')
    expect(names.slice(0, 3)).toEqual(['manifest.json', 'db.sqlite', 'files/dir'])
    expect(names).toContain(`files/dir/sub/${LONG}`)
  })

  it('accepts what another tar program made of the same names', async () => {
    await expect(handMade(manifestOf(), GOOD).then(read)).resolves.toMatchObject({ epoch: 3 })
  })

  it('is written and read with flat memory', async () => {
    const staging = stage()
    const size = 96 * 1024 * 1024
    const block = Buffer.alloc(1024 * 1024, 'x')
    const hash = createHash('sha256')
    await pipeline(
      Readable.from(
        (function* () {
          for (let done = 0; done < size; done += block.length) {
            hash.update(block)
            yield block
          }
        })(),
      ),
      createWriteStream(join(staging, 'db.sqlite')),
    )
    const manifest = manifestOf({ database: { ...manifestOf().database, bytes: size, sha256: hash.digest('hex') } })
    const file = join(temporaryDirectory(), 'big.tar.gz')
    const before = process.memoryUsage.rss()
    await writeArchive(staging, manifest, createWriteStream(file))
    await readArchive(createReadStream(file), temporaryDirectory())
    expect(process.memoryUsage.rss() - before).toBeLessThan(80 * 1024 * 1024)
  })
})

describe('an archive is refused', () => {
  const variants: Record<string, [() => Buffer | Promise<Buffer>, string]> = {
    'empty input': [() => Buffer.alloc(0), 'ARCHIVE_TRUNCATED'],
    'no gzip': [() => Buffer.from('PK\u0003\u0004 this is a zip'), 'NOT_AN_ARCHIVE'],
    'gzip of no tar': [() => gzipSync('x'.repeat(2000)), 'NOT_AN_ARCHIVE'],
    'a manifest that is not JSON': [() => handMade('{', GOOD), 'ARCHIVE_MANIFEST_INVALID'],
    'a manifest of another format': [() => handMade('{"format":"other"}', GOOD), 'NOT_AN_ARCHIVE'],
    'a newer format': [() => handMade('{"format":"mantissa-user","formatVersion":3}', GOOD), 'ARCHIVE_TOO_NEW'],
    'no database': [() => handMade(manifestOf(), GOOD.slice(1)), 'ARCHIVE_TRUNCATED'],
    'a missing file': [() => handMade(manifestOf(), GOOD.slice(0, -1)), 'ARCHIVE_TRUNCATED'],
    'a name beside the manifest': [
      () => handMade(manifestOf(), [...GOOD, { name: 'files/evil', data: 'x' }]),
      'ARCHIVE_ENTRY_UNLISTED',
    ],
    'one name twice': [
      () => handMade(manifestOf(), [...GOOD, { name: 'files/a.txt', data: 'hello' }]),
      'ARCHIVE_ENTRY_TWICE',
    ],
    'an upward name': [
      () => handMade(manifestOf(), [{ name: 'files/../../evil', data: 'x' }, ...GOOD]),
      'ARCHIVE_UNSAFE_ENTRY',
    ],
    'an absolute name': [
      () => handMade(manifestOf(), [{ name: '/tmp/evil', data: 'x' }, ...GOOD]),
      'ARCHIVE_UNSAFE_ENTRY',
    ],
    'an upward name in the manifest': [
      () => handMade(manifestOf({ files: [{ path: '../evil', bytes: 1, sha256: hashOf('x') }] }), GOOD),
      'ARCHIVE_MANIFEST_INVALID',
    ],
    'a symbolic link': [
      () => handMade(manifestOf(), [...GOOD, { name: 'files/a.txt', type: 'symlink', linkname: '/etc/passwd' }]),
      'ARCHIVE_UNSAFE_ENTRY',
    ],
    'a hard link': [
      () => handMade(manifestOf(), [...GOOD, { name: 'files/l', type: 'link', linkname: 'db.sqlite' }]),
      'ARCHIVE_UNSAFE_ENTRY',
    ],
    'a device': [
      () => handMade(manifestOf(), [...GOOD, { name: 'files/d', type: 'block-device', devmajor: 8 }]),
      'ARCHIVE_UNSAFE_ENTRY',
    ],
    'a pipe': [() => handMade(manifestOf(), [...GOOD, { name: 'files/p', type: 'fifo' }]), 'ARCHIVE_UNSAFE_ENTRY'],
    'a wrong hash': [
      () => handMade(manifestOf(), [{ name: 'db.sqlite', data: 'dAtabase' }, ...GOOD.slice(1)]),
      'VERIFICATION_FAILED',
    ],
    'a wrong size': [
      () => handMade(manifestOf(), [{ name: 'db.sqlite', data: 'database and more' }, ...GOOD.slice(1)]),
      'VERIFICATION_FAILED',
    ],
    'a file before its directory': [
      () => handMade(manifestOf(), [GOOD[0] as Member, GOOD.at(-1) as Member, ...GOOD.slice(1, -1)]),
      'ARCHIVE_ENTRY_MISPLACED',
    ],
    'a manifest that lists a name twice': [
      () => handMade(manifestOf({ directories: ['dir', 'dir', 'dir/sub', 'hollow'] }), GOOD),
      'ARCHIVE_MANIFEST_INVALID',
    ],
    'a manifest whose file is in no directory': [
      () => handMade(manifestOf({ directories: ['dir/sub', 'hollow'] }), GOOD),
      'ARCHIVE_MANIFEST_INVALID',
    ],
  }

  it.each(Object.entries(variants))('%s', async (_name, [make, code]) => {
    await expect(read(await make())).rejects.toMatchObject({ code })
  })

  it('cut off anywhere', async () => {
    const bytes = await archiveBytes()
    for (let length = 1; length < bytes.length - 8; length += Math.ceil(bytes.length / 40))
      await expect(read(bytes.subarray(0, length))).rejects.toMatchObject({
        code: 'ARCHIVE_TRUNCATED',
      })
  })

  it('with its plain tar cut at every block', async () => {
    const tar = gunzipSync(await archiveBytes())
    for (let length = 0; length < tar.length; length += 512)
      await expect(read(gzipSync(tar.subarray(0, length)))).rejects.toMatchObject({ code: 'ARCHIVE_TRUNCATED' })
  })

  it('with any bit of a header or of content flipped, or reads what was written', async () => {
    const tar = gunzipSync(await archiveBytes())
    for (let at = 3; at < tar.length; at += 97) {
      const bent = Buffer.from(tar)
      bent[at] = (bent[at] ?? 0) ^ 1
      const into = temporaryDirectory()
      const outcome = await read(gzipSync(bent), into).then(
        () => 'read',
        (error: { code: string }) => error.code,
      )
      expect(outcome).toMatch(/^(read|ARCHIVE_|NOT_AN_ARCHIVE|VERIFICATION_)/)
      if (outcome === 'read') expect(readFileSync(join(into, 'db.sqlite'), 'utf8')).toBe('database')
    }
  })

  it('a bomb: padding without end after the last entry is not unpacked', async () => {
    const tar = gunzipSync(await archiveBytes())
    const bomb = gzipSync(Buffer.concat([tar, Buffer.alloc(64 * 1024 * 1024)]))
    await expect(read(bomb)).rejects.toMatchObject({ code: 'ARCHIVE_TOO_LARGE' })
  })

  it('a bomb in the header of an entry, though the manifest allows as much, before it fills the memory', async () => {
    const size = 256 * 1024 * 1024
    const manifest = manifestOf({ database: { ...manifestOf().database, bytes: 2 * size } })
    const whole = gunzipSync(await handMade(manifest, []))
    const input = Readable.from(
      (function* () {
        yield Buffer.concat([whole.subarray(0, -1024), tarHeader('header', 'x', size)])
        for (let sent = 0; sent < size; sent += 2 ** 20) yield Buffer.alloc(2 ** 20)
      })(),
    )
    const before = process.memoryUsage.rss()
    const outcome = readArchive(input.pipe(createGzip({ level: 1 })), temporaryDirectory())
    await expect(outcome).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' })
    expect(process.memoryUsage.rss() - before).toBeLessThan(128 * 1024 * 1024)
  })

  it('what onManifest throws ends it before anything is written', async () => {
    const into = temporaryDirectory()
    const refusal = readArchive(Readable.from([await archiveBytes()]), into, {
      onManifest: () => {
        throw new Error('too big for this disk')
      },
    })
    await expect(refusal).rejects.toThrow('too big')
    expect(execFileSync('ls', ['-A', into], { encoding: 'utf8' })).toBe('')
  })
})
