import { createWriteStream, existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fsyncPath } from '../base/atomic-file.js'
import { ConflictError } from '../base/errors.js'
import type { Site } from '../site/site.js'
import { writeArchive } from './archive-writer.js'
import type { ExportDestination, ExportJob } from './export-options.js'
import type { Manifest } from './manifest.js'
import { UNOBSERVED } from './move.js'
import { lockMove } from './move-lock.js'
import { completeStoreDirectory } from './target-steps.js'

/** Puts the staged copy where it is to go: complete and on the disk, or not at all. */
export async function deliver(job: ExportJob, manifest: Manifest): Promise<void> {
  const { options, staging, facts, id } = job
  const { to, onBytes, signal } = options
  if (to.kind === 'stream') return writeArchive(staging, manifest, to.output, { onBytes, signal })
  const path = pathOf(to, facts.address) as string
  if (to.kind === 'directory') {
    completeStoreDirectory(staging)
    fsyncPath(staging)
    assertAbsent(path)
    renameSync(staging, path)
  } else {
    const partial = join(dirname(path), `.${basename(path)}.${id}`)
    try {
      await writeArchive(staging, manifest, createWriteStream(partial, { mode: 0o600, flags: 'wx', flush: true }), {
        onBytes,
        signal,
      })
      assertAbsent(path)
      renameSync(partial, path)
    } finally {
      rmSync(partial, { force: true })
    }
  }
  fsyncPath(dirname(path))
}

/** An export whose user stayed after all must not be taken for one that carries the identity along. */
export function undoDelivery({ options, facts }: ExportJob): void {
  const path = pathOf(options.to, facts.address)
  if (path !== null) rmSync(path, { recursive: true, force: true })
}

export function pathOf(to: ExportDestination, address: string): string | null {
  if (to.kind === 'stream') return null
  return to.kind === 'archive' ? resolve(to.file) : join(resolve(to.directory), `${address.replaceAll('/', '_')}.axiom`)
}

/** What exports that were killed have left in `temp/`; those of living processes are locked. */
export function removeAbandonedStaging(site: Site): void {
  const temporary = join(site.directory, 'temp')
  for (const name of existsSync(temporary) ? readdirSync(temporary) : []) {
    const [, id] = /^outgoing-([0-9A-Z]{26})$/.exec(name) ?? []
    if (id === undefined) continue
    using lock = lockMove({ id, source: site, target: undefined, observe: UNOBSERVED })
    if (lock !== undefined) rmSync(join(temporary, name), { recursive: true, force: true })
  }
}

/** A directory is renamed to its place, so it must be put together beside it. */
export function stagingOf(site: Site, to: ExportDestination, id: string): string {
  if (to.kind === 'directory') return join(resolve(to.directory), `.export-${id}`)
  return join(site.directory, 'temp', `outgoing-${id}`)
}

export function assertAbsent(path: string): void {
  if (!existsSync(path)) return
  throw new ConflictError(`${path} exists already`, {
    code: 'PATH_TAKEN',
    hint: 'name another one, or move that away first',
    details: { path },
  })
}
