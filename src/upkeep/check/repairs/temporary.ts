import { existsSync, rmSync } from 'node:fs'
import { safeJoin } from '../../../base/safe-path.js'
import { removeAbandonedExports } from '../../../transfer/leaving/abandoned-exports.js'
import { SiteRows } from '../site-rows.js'
import { faultOf } from '../temporary-faults.js'
import type { Repair } from './repair-kind.js'

/** Removes what the journal still says to be nobody's. */
export const removeTemporary: Repair = (site, { subject }) => {
  const name = String(subject?.['name'])
  const path = safeJoin(site.directory, 'temp', name)
  const fault = faultOf(site.directory, new SiteRows(site.store.engine.connection), name)
  if (!existsSync(path) || fault?.repair === undefined) return 'gone'
  if (name.startsWith('outgoing-')) removeAbandonedExports(site)
  else rmSync(path, { recursive: true, force: true })
  return 'done'
}
