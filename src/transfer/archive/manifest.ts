/**
 * The manifest: what an archive of a user store holds, written before the bytes themselves.
 *
 * It comes first so that a reader can judge everything that follows while it streams: a name that is not listed, a
 * byte too many, a wrong hash. It is JSON with a format version; a reader refuses a higher one, and ignores members
 * that it does not know, so that members may be added without raising the version. Whatever changes the meaning of
 * what is there raises it.
 *
 * An archive of the application store of an offering has the member `application` and is of version 2, which readers of
 * before refuse: they would take in the store without what makes it one. Archives of people stay at version 1.
 *
 * It holds no secret: the password hash travels inside the database, where the original software keeps it too.
 * Sizes are bytes, hashes lower-case hexadecimal SHA-256.
 */
import type { JsonObject } from '../../base/json.js'
import { stringifyJson } from '../../base/json.js'
import type { ApplicationRecord } from '../../offerings/application-record.js'

export const MANIFEST_FORMAT = 'mantissa-user'
/** The newest that is read. */
export const MANIFEST_VERSION = 2
export const VERSION_OF_PEOPLE = 1
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
  /** Raised by every import that keeps the identity; 0 where a manifest does not say. */
  readonly incarnation: number
  /** Whether the user left the site with this archive, so that it carries the identity along. */
  readonly removed: boolean
  readonly address: string
  readonly disabled: boolean
  /** What the site holds for the application store of an offering; null for a person's. */
  readonly application: ApplicationRecord | null
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
  const { nextEvent, application, ...others } = manifest
  const head = {
    format: MANIFEST_FORMAT,
    formatVersion: application === null ? VERSION_OF_PEOPLE : MANIFEST_VERSION,
  }
  const rest = application === null ? others : { ...others, application }
  return `${stringifyJson({ ...head, ...rest, nextEvent: nextEvent === null ? null : String(nextEvent) } as unknown as JsonObject)}\n`
}
