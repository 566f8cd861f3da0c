import { foldCase } from '../../base/address.js'
import type { JsonObject, JsonValue } from '../../base/json.js'
import type { ApplicationRecord } from '../../offerings/application-record.js'
import { OFFERING_NAME } from '../../offerings/offering.js'
import { ArchiveRefusedError } from '../archive-faults.js'
import { faultOfTreePath } from '../copying/tree-path.js'
import {
  MANIFEST_FORMAT,
  MANIFEST_VERSION,
  type Manifest,
  type ManifestDatabase,
  type ManifestEndowment,
  type ManifestFile,
  type ManifestItemType,
  type ManifestMethod,
  VERSION_OF_PEOPLE,
} from './manifest.js'
import { countMembers, shapeOf } from './manifest-shape.js'

/**
 * Reads a manifest from a stranger.
 *
 * @throws ArchiveRefusedError naming the member that is missing or wrong, or the newer format.
 */
export function parseManifest(text: Buffer): Manifest {
  const root = object(parseJson(text), 'manifest')
  if (root['format'] !== MANIFEST_FORMAT)
    throw new ArchiveRefusedError('NOT_AN_ARCHIVE', 'it is no archive of a user: its manifest is of another format')
  const version = count(root['formatVersion'], 'formatVersion')
  refuseNewer(version)
  const manifest: Manifest = {
    created: string(root['created'], 'created'),
    writer: string(root['writer'], 'writer'),
    siteId: root['siteId'] === null ? null : string(root['siteId'], 'siteId'),
    storeId: string(root['storeId'], 'storeId'),
    epoch: count(root['epoch'], 'epoch'),
    incarnation: count(root['incarnation'] ?? 0, 'incarnation'),
    removed: boolean(root['removed'], 'removed'),
    address: string(root['address'], 'address'),
    disabled: boolean(root['disabled'], 'disabled'),
    application: version > VERSION_OF_PEOPLE ? parseApplication(object(root['application'], 'application')) : null,
    methods: list(root['methods'], 'methods').map(parseMethod),
    endowments: list(root['endowments'] ?? [], 'endowments').map(parseEndowment),
    nextEvent: root['nextEvent'] === null ? null : microseconds(root['nextEvent'], 'nextEvent'),
    itemTypes: list(root['itemTypes'], 'itemTypes').map(parseItemType),
    database: parseDatabase(object(root['database'], 'database')),
    directories: list(root['directories'], 'directories').map(path => treePath(path, 'directories')),
    files: list(root['files'], 'files').map(parseFile),
  }
  refuseDuplicates(manifest)
  refuseOtherName(manifest)
  return manifest
}

function refuseNewer(version: number): void {
  if (version <= MANIFEST_VERSION) return
  const message = `archive has format version ${version}, this program reads up to ${MANIFEST_VERSION}`
  throw new ArchiveRefusedError('ARCHIVE_TOO_NEW', message, { version, known: MANIFEST_VERSION })
}

function parseJson(text: Buffer): JsonValue {
  const shape = shapeOf(text)
  if (shape === undefined) throw invalid('the manifest is nested too deeply, or holds too much')
  let value: JsonValue
  try {
    value = JSON.parse(text.toString('utf8')) as JsonValue
  } catch (error) {
    throw invalid('the manifest is not JSON', {}, error)
  }
  if (countMembers(value) !== shape.members) throw invalid('the manifest gives a member twice')
  return value
}

function parseApplication(member: JsonObject): ApplicationRecord {
  return {
    offering: segment(member['offering'], 'application.offering'),
    pages: list(member['pages'], 'application.pages').map(value => {
      const page = object(value, 'application.pages')
      return {
        prefixURL: segment(page['prefixURL'], 'application.pages.prefixURL'),
        sessioned: boolean(page['sessioned'], 'application.pages.sessioned'),
        sessionless: boolean(page['sessionless'], 'application.pages.sessionless'),
        installed: boolean(page['installed'], 'application.pages.installed'),
      }
    }),
    powerups: list(member['powerups'], 'application.powerups').map(value => {
      const powerup = object(value, 'application.powerups')
      return {
        interface: string(powerup['interface'], 'application.powerups.interface'),
        priority: integer(powerup['priority'], 'application.powerups.priority'),
      }
    }),
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
    if (seen.has(path)) throw invalid(`the manifest lists ${JSON.stringify(path)} twice`, { path })
    seen.add(path)
  }
  const directories = new Set(manifest.directories)
  for (const path of seen) {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    if (parent !== '' && !directories.has(parent))
      throw invalid(`the manifest lists ${JSON.stringify(path)} in no directory of its own`, { path })
  }
}

/** An application store is called like its offering, whose records are its own. */
function refuseOtherName({ application, methods }: Manifest): void {
  if (application === null) return
  const names = methods.filter(({ domain }) => domain === null).map(({ localpart }) => foldCase(localpart))
  if (names.join() !== foldCase(application.offering))
    throw wrong('application.offering', 'is not what its account is called')
}

function invalid(message: string, details: JsonObject = {}, cause?: unknown): ArchiveRefusedError {
  return new ArchiveRefusedError('ARCHIVE_MANIFEST_INVALID', message, details, cause)
}

function wrong(member: string, fault: string): ArchiveRefusedError {
  return invalid(`manifest: ${member} ${fault}`, { member })
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

function integer(value: JsonValue | undefined, name: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw wrong(name, 'is not a whole number')
}

/** It becomes a directory, an account and a URL: a name such as `defineOffering` takes. */
function segment(value: JsonValue | undefined, name: string): string {
  const text = string(value, name)
  if (OFFERING_NAME.test(text)) return text
  throw wrong(name, 'is not made of letters, digits, "-", "_" and "."')
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
