import { ArchiveRefusedError, entryRefused } from '../archive-faults.js'
import { faultOfTreePath } from '../copying/tree-path.js'
import { VerificationError } from '../transfer-errors.js'
import type { Manifest } from './manifest.js'

interface ExpectedFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

/** What the manifest still lets come. */
export class Expectation {
  readonly manifest: Manifest
  readonly #files: Map<string, ExpectedFile>
  readonly #directories: Set<string>
  readonly #made = new Set([''])
  readonly #seen = new Set(['manifest.json'])

  constructor(manifest: Manifest) {
    this.manifest = manifest
    this.#directories = new Set(manifest.directories)
    this.#files = new Map(manifest.files.map(file => [`files/${file.path}`, { ...file, path: `files/${file.path}` }]))
    this.#files.set('db.sqlite', { ...manifest.database, path: 'db.sqlite' })
  }

  /** The directory's path below `files/`; empty for `files/` itself. */
  takeDirectory(name: string): string {
    const path = name.replace(/\/$/, '')
    this.#refuseStrange(path)
    if (path === 'files') return ''
    const inside = path.startsWith('files/') ? path.slice('files/'.length) : undefined
    if (inside === undefined || !this.#directories.has(inside)) throw unlisted(name, 'directory')
    this.#requireParent(inside, name)
    this.#made.add(inside)
    return inside
  }

  takeFile(name: string, announced: number): ExpectedFile {
    this.#refuseStrange(name)
    const file = this.#files.get(name)
    if (file === undefined) throw unlisted(name, 'file')
    if (announced !== file.bytes)
      throw new VerificationError(`${name} announces ${announced} bytes, the manifest says ${file.bytes}`, { name })
    if (name !== 'db.sqlite') this.#requireParent(name.slice('files/'.length), name)
    return file
  }

  /** A name that leads elsewhere is worse than one that nobody has listed. */
  #refuseStrange(name: string): void {
    const fault = faultOfTreePath(name)
    if (fault !== undefined) throw entryRefused('ARCHIVE_UNSAFE_ENTRY', name, fault)
    if (this.#seen.has(name)) throw entryRefused('ARCHIVE_ENTRY_TWICE', name, 'comes twice')
    this.#seen.add(name)
  }

  #requireParent(inside: string, name: string): void {
    const parent = inside.slice(0, Math.max(0, inside.lastIndexOf('/')))
    if (!this.#made.has(parent)) throw entryRefused('ARCHIVE_ENTRY_MISPLACED', name, 'comes before its directory')
  }

  requireComplete(): void {
    const missing = [...this.#files.keys(), ...[...this.#directories].map(path => `files/${path}`)].find(
      name => !this.#seen.has(name),
    )
    if (missing === undefined) return
    const message = `the archive ends before ${JSON.stringify(missing)}`
    throw new ArchiveRefusedError('ARCHIVE_TRUNCATED', message, { missing })
  }
}

function unlisted(name: string, kind: string): ArchiveRefusedError {
  return entryRefused('ARCHIVE_ENTRY_UNLISTED', name, `is not in the manifest as a ${kind}`)
}
