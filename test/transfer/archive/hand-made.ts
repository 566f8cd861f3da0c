import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type Header, pack } from 'tar-stream'
import { type Manifest, writeManifest } from '../../../src/transfer/archive/manifest.js'

export const hashOf = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')

/** A manifest that could be; what is in it describes no store. */
export function archiveManifest(changes: Partial<Manifest> = {}): Manifest {
  return {
    created: '2026-01-02T03:04:05.000006Z',
    writer: 'mantissa test',
    siteId: null,
    storeId: '6f1c2b1e-0000-4000-8000-000000000000',
    epoch: 3,
    incarnation: 0,
    removed: false,
    address: 'alice@example.com',
    disabled: false,
    application: null,
    methods: [{ localpart: 'alice', domain: 'example.com', protocol: 'email', internal: true, verified: true }],
    endowments: [{ offering: 'notes', powerup: 'notes' }],
    nextEvent: -9_007_199_254_740_993n,
    itemTypes: [{ typeName: 'note', version: 1, items: 2 }],
    database: { bytes: 8, pages: 1, sha256: hashOf('database'), schemaSha256: hashOf(''), rows: { item_note_v1: 2 } },
    directories: [],
    files: [],
    ...changes,
  }
}

export type Member = Partial<Header> & { readonly name: string; readonly data?: string | Buffer }

/** A tar as a stranger might make it. */
export async function handMadeTar(manifest: Manifest | string | Buffer, members: readonly Member[]): Promise<Buffer> {
  const tar = pack()
  const text = typeof manifest === 'string' || Buffer.isBuffer(manifest) ? manifest : writeManifest(manifest)
  tar.entry({ name: 'manifest.json' }, text)
  for (const { data = '', ...header } of members) {
    if (header.type === undefined || header.type === 'file') tar.entry(header, data)
    else tar.entry({ ...header, size: 0 } as Header)
  }
  tar.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of tar) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export async function handMade(manifest: Manifest | string | Buffer, members: readonly Member[]): Promise<Buffer> {
  return gzipSync(await handMadeTar(manifest, members))
}

/** A header alone, as the tar format has it; its checksum is right. */
export function tarHeader(name: string, kind: string, size: number | string): Buffer {
  const header = Buffer.alloc(512)
  header.write(name)
  header.write('0000600\0', 100)
  header.write(typeof size === 'string' ? size : `${size.toString(8).padStart(11, '0')} `, 124, 'latin1')
  header.write(`        ${kind}`, 148)
  header.write('ustar\u000000', 257, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** Content as it lies in a tar: filled up to whole blocks. */
export function padded(data: Buffer | string): Buffer {
  const bytes = Buffer.from(data)
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
}

/** One record of a pax header, its length included; a wrong one where it is told. */
export function paxRecord(key: string, value: string, length?: number): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`)
  let total = rest + 1
  while (total !== rest + String(total).length) total = rest + String(total).length
  return `${length ?? total} ${key}=${value}\n`
}

export const END = Buffer.alloc(1024)
