import { toIso } from '../base/clock.js'
import type { Site } from '../site/site.js'

export interface OfferingSource {
  /** Absolute, symbolic links resolved. */
  readonly path: string
  /** RFC 3339. */
  readonly added: string
}

/** The directories that this site may load offerings from, in the order of their recording. */
export function listSources(site: Site): readonly OfferingSource[] {
  if (!site.hasAdminTables) return []
  return site.store.sql
    .all<{ path: string; added: number | bigint }>(
      'SELECT path, added FROM mantissa_offering_source ORDER BY added, path',
    )
    .map(row => ({ path: row.path, added: toIso(BigInt(row.added)) }))
}
