/**
 * One real archive, taken apart: what every hostile one is made from. Each is the work of somebody who knows the format
 * and may change whatever he likes.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { createAccount } from '../../../src/accounts/create-account.js'
import { getAccountByAddress } from '../../../src/accounts/find-account.js'
import { addLoginMethod } from '../../../src/accounts/login-methods.js'
import { installLoginSystem } from '../../../src/accounts/login-system.js'
import { parseAddress } from '../../../src/base/address.js'
import { createSiteStore } from '../../../src/site/site.js'
import { exportUser } from '../../../src/transfer/leaving/export-user.js'
import { END, hashOf, padded, tarHeader } from '../archive/hand-made.js'
import { directoryOfUser } from '../two-sites.js'

export const MALLORY = parseAddress('mallory@example.com')
const LONG = `${'very-long-'.repeat(15)}name.txt`

/** Below `files/`: an empty file, one that fills its blocks, names that need pax headers. */
const FILES: Readonly<Record<string, string>> = {
  'a.txt': 'hello',
  'dir/block': 'x'.repeat(512),
  'dir/empty': '',
  [`dir/${LONG}`]: 'long',
  'größe.txt': 'umlaut',
  zeros: '\0'.repeat(2000),
}

/** A place in a tar where one thing ends and another begins. */
export interface Boundary {
  readonly at: number
  readonly ends: 'header' | 'body' | 'padding'
}

export interface BaseArchive {
  readonly bytes: Buffer
  readonly tar: Buffer
  readonly boundaries: readonly Boundary[]
  /** Each with its pax header; the manifest first, then the database, directories, files. */
  readonly entries: readonly Buffer[]
  // biome-ignore lint/suspicious/noExplicitAny: a stranger may write anything there
  readonly manifest: Record<string, any>
  readonly image: Buffer
}

/** Exports a user from a site below `parent`. */
export async function makeBase(parent: string): Promise<BaseArchive> {
  const site = createSiteStore(join(parent, 'origin.axiom'))
  installLoginSystem(site.store)
  createAccount(site, { address: MALLORY, passwordHash: null })
  const second = { localpart: 'mal', domain: 'example.net', protocol: '*', internal: false, verified: false }
  addLoginMethod(getAccountByAddress(site, MALLORY), second)
  const files = join(directoryOfUser(site, 'mallory@example.com'), 'files')
  for (const [name, data] of Object.entries(FILES)) {
    mkdirSync(join(files, name, '..'), { recursive: true })
    writeFileSync(join(files, name), data)
  }
  const file = join(parent, 'base.tar.gz')
  await exportUser(site, MALLORY, { to: { kind: 'archive', file } })
  site.close()
  return takeApart(readFileSync(file))
}

function takeApart(bytes: Buffer): BaseArchive {
  const tar = gunzipSync(bytes)
  const boundaries: Boundary[] = []
  const entries: Buffer[] = []
  let begin = 0
  for (let at = 0; tar[at] !== 0; ) {
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8)
    const kind = String.fromCharCode(tar[at + 156] as number)
    boundaries.push({ at: at + 512, ends: 'header' })
    if (size > 0) boundaries.push({ at: at + 512 + size, ends: 'body' })
    if (size % 512 !== 0) boundaries.push({ at: at + 512 + Math.ceil(size / 512) * 512, ends: 'padding' })
    at += 512 + Math.ceil(size / 512) * 512
    if (kind === 'x') continue
    entries.push(tar.subarray(begin, at))
    begin = at
  }
  const contentOf = (entry: Buffer) => entry.subarray(512, 512 + Number.parseInt(entry.toString('latin1', 124, 135), 8))
  const [manifest = Buffer.alloc(0), image = Buffer.alloc(0)] = entries.map(contentOf)
  return { bytes, tar, boundaries, entries, manifest: JSON.parse(manifest.toString()), image }
}

/** Entries one after another, as an archive. */
export function archiveOf(entries: readonly Buffer[]): Buffer {
  return gzipSync(Buffer.concat([...entries, END]), { level: 1 })
}

/** A plain file as an entry. */
export function fileEntry(name: string, data: Buffer | string, kind = '0'): Buffer {
  return Buffer.concat([tarHeader(name, kind, Buffer.byteLength(data)), padded(data)])
}

/** The base with another text as its manifest. */
export function withManifestText({ entries }: BaseArchive, text: Buffer | string): Buffer {
  return archiveOf([fileEntry('manifest.json', text), ...entries.slice(1)])
}

/** The base with a manifest that a stranger has changed. */
export function withManifest(base: BaseArchive, change: (manifest: BaseArchive['manifest']) => void): Buffer {
  const manifest = structuredClone(base.manifest)
  change(manifest)
  return withManifestText(base, JSON.stringify(manifest))
}

/** The base with other bytes as its database, which the manifest describes as far as their size and hash go. */
export function withImage(
  base: BaseArchive,
  image: Buffer,
  change: (manifest: BaseArchive['manifest']) => void = () => {},
) {
  const manifest = structuredClone(base.manifest)
  Object.assign(manifest['database'], { bytes: image.length, sha256: hashOf(image) })
  change(manifest)
  const head = [fileEntry('manifest.json', JSON.stringify(manifest)), fileEntry('db.sqlite', image)]
  return archiveOf([...head, ...base.entries.slice(2)])
}

/** The base's database after somebody was at it with SQLite. */
export function imageAfter({ image }: BaseArchive, ...statements: readonly string[]): Buffer {
  const database = new Database(Buffer.from(withJournal(image)))
  try {
    database.unsafeMode(true)
    database.pragma('foreign_keys = OFF')
    database.pragma('writable_schema = ON')
    for (const statement of statements) database.exec(statement)
    return withLog(database.serialize())
  } finally {
    database.close()
  }
}

/** SQLite reads a database in memory only where its header asks for no log. */
function withJournal(image: Buffer): Buffer {
  const copy = Buffer.from(image)
  copy.fill(1, 18, 20)
  return copy
}

function withLog(image: Buffer): Buffer {
  image.fill(2, 18, 20)
  return image
}
