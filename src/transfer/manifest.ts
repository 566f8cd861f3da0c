/**
 * The manifest: what an archive of a user store holds, written before the bytes themselves.
 *
 * It comes first so that a reader can judge everything that follows while it streams: a name that is not listed, a
 * byte too many, a wrong hash. It is JSON with a format version; a reader refuses a higher one, and ignores members
 * that it does not know, so that members may be added without raising the version. Whatever changes the meaning of
 * what is there raises it.
 *
 * It holds no secret: the password hash travels inside the database, where the original software keeps it too.
 * Sizes are bytes, hashes lower-case hexadecimal SHA-256.
 */
import type { JsonObject, JsonValue } from '../base/json.js'
import { stringifyJson } from '../base/json.js'
import { ArchiveTooNewError, MalformedArchiveError } from './transfer-errors.js'
import { faultOfTreePath } from './tree-path.js'

export const MANIFEST_FORMAT = 'mantissa-user'
export const MANIFEST_VERSION = 1
/** A manifest of some 300,000 files stays below this; it is held in memory. */
export const LARGEST_MANIFEST = 64 * 1024 * 1024

export interface ManifestFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

export interface ManifestDatabase {
  readonly bytes: number
  readonly pages: number
  readonly sha256: string
  /** SHA-256 over the sorted text of the schema. */
  readonly schemaSha256: string
  /** Rows per table, the fence apart. */
  readonly rows: Readonly<Record<string, number>>
}

export interface ManifestMethod {
  readonly localpart: string
  readonly domain: string | null
  readonly protocol: string
  readonly internal: boolean
  readonly verified: boolean
}

export interface ManifestEndowment {
  readonly offering: string
  readonly powerup: string
}

export interface ManifestItemType {
  readonly typeName: string
  readonly version: number
  readonly items: number
}

export interface Manifest {
  /** RFC 3339. */
  readonly created: string
  /** The program that wrote it. */
  readonly writer: string
  /** The site it was taken from; null when that has no identity. */
  readonly siteId: string | null
  readonly storeId: string
  readonly epoch: number
  /** Whether the user left the site with this archive, so that it carries the identity along. */
  readonly removed: boolean
  readonly address: string
  readonly disabled: boolean
  readonly methods: readonly ManifestMethod[]
  /** What the site had noted of the user's offerings. */
  readonly endowments: readonly ManifestEndowment[]
  /** Microseconds since 1970 of the earliest pending event; null when nothing is scheduled. */
  readonly nextEvent: bigint | null
  readonly itemTypes: readonly ManifestItemType[]
  readonly database: ManifestDatabase
  /** Directories below `files/`, parents first. */
  readonly directories: readonly string[]
  /** Files below `files/`, in the order in which they follow. */
  readonly files: readonly ManifestFile[]
}

/** Bytes of everything that follows the manifest. */
export function contentBytes(manifest: Manifest): number {
  return manifest.files.reduce((sum, file) => sum + file.bytes, manifest.database.bytes)
}

export function writeManifest(manifest: Manifest): string {
  const { nextEvent, ...rest } = manifest
  const head = { format: MANIFEST_FORMAT, formatVersion: MANIFEST_VERSION }
  return `${stringifyJson({ ...head, ...rest, nextEvent: nextEvent === null ? null : String(nextEvent) } as unknown as JsonObject)}\n`
}

/**
 * Reads a manifest from a stranger.
 *
 * @throws MalformedArchiveError naming the member that is missing or wrong; ArchiveTooNewError for a newer format.
 */
export function parseManifest(text: string): Manifest {
  const root = object(parseJson(text), 'manifest')
  if (root['format'] !== MANIFEST_FORMAT) throw wrong('format', 'is not that of a user archive')
  const version = count(root['formatVersion'], 'formatVersion')
  if (version > MANIFEST_VERSION) throw new ArchiveTooNewError(version, MANIFEST_VERSION)
  const manifest: Manifest = {
    created: string(root['created'], 'created'),
    writer: string(root['writer'], 'writer'),
    siteId: root['siteId'] === null ? null : string(root['siteId'], 'siteId'),
    storeId: string(root['storeId'], 'storeId'),
    epoch: count(root['epoch'], 'epoch'),
    removed: boolean(root['removed'], 'removed'),
    address: string(root['address'], 'address'),
    disabled: boolean(root['disabled'], 'disabled'),
    methods: list(root['methods'], 'methods').map(parseMethod),
    endowments: list(root['endowments'] ?? [], 'endowments').map(parseEndowment),
    nextEvent: root['nextEvent'] === null ? null : microseconds(root['nextEvent'], 'nextEvent'),
    itemTypes: list(root['itemTypes'], 'itemTypes').map(parseItemType),
    database: parseDatabase(object(root['database'], 'database')),
    directories: list(root['directories'], 'directories').map(path => treePath(path, 'directories')),
    files: list(root['files'], 'files').map(parseFile),
  }
  refuseDuplicates(manifest)
  return manifest
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch (error) {
    throw new MalformedArchiveError('the manifest is not JSON', {}, error)
  }
}

function parseMethod(value: JsonValue): ManifestMethod {
  const member = object(value, 'methods')
  return {
    localpart: string(member['localpart'], 'methods.localpart'),
    domain: member['domain'] === null ? null : string(member['domain'], 'methods.domain'),
    protocol: string(member['protocol'], 'methods.protocol'),
    internal: boolean(member['internal'], 'methods.internal'),
    verified: boolean(member['verified'], 'methods.verified'),
  }
}

function parseEndowment(value: JsonValue): ManifestEndowment {
  const member = object(value, 'endowments')
  return {
    offering: string(member['offering'], 'endowments.offering'),
    powerup: string(member['powerup'], 'endowments.powerup'),
  }
}

function parseItemType(value: JsonValue): ManifestItemType {
  const member = object(value, 'itemTypes')
  return {
    typeName: string(member['typeName'], 'itemTypes.typeName'),
    version: count(member['version'], 'itemTypes.version'),
    items: count(member['items'], 'itemTypes.items'),
  }
}

function parseDatabase(member: JsonObject): ManifestDatabase {
  const rows = object(member['rows'], 'database.rows')
  return {
    bytes: count(member['bytes'], 'database.bytes'),
    pages: count(member['pages'], 'database.pages'),
    sha256: hash(member['sha256'], 'database.sha256'),
    schemaSha256: hash(member['schemaSha256'], 'database.schemaSha256'),
    rows: Object.fromEntries(Object.entries(rows).map(([table, rows]) => [table, count(rows, 'database.rows')])),
  }
}

function parseFile(value: JsonValue): ManifestFile {
  const member = object(value, 'files')
  return {
    path: treePath(member['path'], 'files.path'),
    bytes: count(member['bytes'], 'files.bytes'),
    sha256: hash(member['sha256'], 'files.sha256'),
  }
}

/** Two entries of one name, or a file where a directory is needed, would overwrite each other. */
function refuseDuplicates(manifest: Manifest): void {
  const seen = new Set<string>()
  for (const path of [...manifest.directories, ...manifest.files.map(file => file.path)]) {
    if (seen.has(path)) throw new MalformedArchiveError(`the manifest lists ${JSON.stringify(path)} twice`, { path })
    seen.add(path)
  }
  const directories = new Set(manifest.directories)
  for (const path of seen) {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    if (parent !== '' && !directories.has(parent))
      throw new MalformedArchiveError(`the manifest lists ${JSON.stringify(path)} in no directory of its own`, { path })
  }
}

function wrong(member: string, fault: string): MalformedArchiveError {
  return new MalformedArchiveError(`manifest: ${member} ${fault}`, { member })
}

function object(value: JsonValue | undefined, name: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw wrong(name, 'is not an object')
}

function list(value: JsonValue | undefined, name: string): readonly JsonValue[] {
  if (Array.isArray(value)) return value
  throw wrong(name, 'is not a list')
}

function string(value: JsonValue | undefined, name: string): string {
  if (typeof value === 'string') return value
  throw wrong(name, 'is not a text')
}

function boolean(value: JsonValue | undefined, name: string): boolean {
  if (typeof value === 'boolean') return value
  throw wrong(name, 'is not true or false')
}

function count(value: JsonValue | undefined, name: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw wrong(name, 'is not a whole number')
}

function hash(value: JsonValue | undefined, name: string): string {
  if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) return value
  throw wrong(name, 'is not a SHA-256')
}

function microseconds(value: JsonValue | undefined, name: string): bigint {
  if (typeof value === 'string' && /^-?\d{1,19}$/.test(value)) return BigInt(value)
  throw wrong(name, 'is not a number of microseconds')
}

function treePath(value: JsonValue | undefined, name: string): string {
  const path = string(value, name)
  const fault = faultOfTreePath(path)
  if (fault === undefined) return path
  throw wrong(`${name} ${JSON.stringify(path)}`, fault)
}
