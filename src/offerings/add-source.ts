import { realpathSync } from 'node:fs'
import { ConflictError, NotFoundError } from '../base/errors.js'
import type { Site } from '../site/site.js'
import { type DeclaredOffering, listDeclaredOfferings, readDeclaration } from './declarations.js'
import { listSources } from './recorded-sources.js'
import { assertTrustedSource } from './trusted-source.js'

export interface AddedSource {
  readonly path: string
  readonly status: 'done' | 'already'
  readonly offerings: readonly DeclaredOffering[]
}

/**
 * What {@link addSource} would do, with everything checked and nothing recorded.
 *
 * @throws NotFoundError, BadDeclarationError, UntrustedSourceError; ConflictError (`OFFERING_NAME_TAKEN`) when an
 *   offering of that name comes from elsewhere.
 */
export function planSource(site: Site, directory: string): AddedSource {
  const path = resolveSource(directory)
  assertTrustedSource(path)
  const offerings = readDeclaration(path)
  const taken = listDeclaredOfferings(site).find(
    known => known.source !== path && offerings.some(({ name }) => name === known.name),
  )
  if (taken !== undefined) throw refuseName(taken)
  return { path, status: listSources(site).some(source => source.path === path) ? 'already' : 'done', offerings }
}

/** Records that this site may load the offerings of the package in `directory`. No code of it is run now. */
export function addSource(site: Site, directory: string): AddedSource {
  const plan = planSource(site, directory)
  site.store.transact(() =>
    site.store.sql.run(
      'INSERT OR IGNORE INTO mantissa_offering_source (path, added, added_by) VALUES (?, ?, ?)',
      ...[plan.path, site.clock(), site.actor?.user ?? null],
    ),
  )
  return plan
}

function resolveSource(directory: string): string {
  try {
    return realpathSync(directory)
  } catch (cause) {
    throw new NotFoundError(`${directory} does not exist`, {
      code: 'SOURCE_NOT_FOUND',
      hint: 'name the directory that holds the package.json of the offering',
      details: { path: directory },
      cause,
    })
  }
}

function refuseName(taken: DeclaredOffering): ConflictError {
  return new ConflictError(`an offering ${taken.name} comes from ${taken.source} already`, {
    code: 'OFFERING_NAME_TAKEN',
    hint: 'give the offering of the new package another name',
    details: { offering: taken.name, source: taken.source },
  })
}
