import {
  MalformedArchiveError,
  TruncatedArchiveError,
  UnsafeArchiveEntryError,
  VerificationError,
} from '../transfer-errors.js'
import type { Manifest } from './manifest.js'

/** What the manifest still lets come. */
export class Expectation {
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
