import { createReadStream, createWriteStream } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fsyncPath } from '../../base/atomic-file.js'
import type { Site } from '../../site/site.js'
import { verifyArchive } from '../archive/archive-reader.js'
import { writeArchive } from '../archive/archive-writer.js'
import type { Manifest } from '../archive/manifest.js'
import { completeStoreDirectory } from '../steps/target-steps.js'
import type { ExportDestination, ExportJob } from './export-options.js'
import type { Delivery } from './publish-export.js'

/** Called when the export is complete but for its name or its end; then it is decided whether the user leaves. */
export type Decide = () => Promise<void>

/**
 * Writes the staged copy to where it is to go, complete and on the disk but for its name, which {@link publish} gives
 * it. A stream has no name; its end is held back until it is decided.
 */
export async function deliver(job: ExportJob, manifest: Manifest, decide: Decide): Promise<void> {
  const { options, staging } = job
  const { to, onBytes, signal } = options
  if (to.kind === 'stream') return writeArchive(staging, manifest, to.output, { onBytes, signal, beforeEnd: decide })
  const { partial } = deliveryFor(job) as Delivery
  if (to.kind === 'directory') {
    completeStoreDirectory(staging)
    fsyncPath(staging)
  } else {
    const output = createWriteStream(partial, { mode: 0o600, flags: 'wx', flush: true })
    await writeArchive(staging, manifest, output, { onBytes, signal })
    if (options.deletesOldStore) await verifyArchive(createReadStream(partial), { onBytes, signal })
  }
  fsyncPath(dirname(partial))
  await decide()
}

/** Where the export waits and where it goes; undefined for a stream. */
export function deliveryFor({ options, staging, facts, id }: ExportJob): Delivery | undefined {
  const path = pathOf(options.to, facts.address)
  if (path === null) return undefined
  const partial = options.to.kind === 'directory' ? staging : join(dirname(path), `.${basename(path)}.${id}`)
  return { partial, path }
}

export function pathOf(to: ExportDestination, address: string): string | null {
  if (to.kind === 'stream') return null
  return to.kind === 'archive' ? resolve(to.file) : join(resolve(to.directory), `${address.replaceAll('/', '_')}.axiom`)
}

/** A directory is renamed to its place, so it must be put together beside it. */
export function stagingOf(site: Site, to: ExportDestination, id: string): string {
  if (to.kind === 'directory') return join(resolve(to.directory), `.export-${id}`)
  return join(site.directory, 'temp', `outgoing-${id}`)
}
