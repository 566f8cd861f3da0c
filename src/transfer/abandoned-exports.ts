import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Site } from '../site/site.js'
import { UNOBSERVED } from './move.js'
import { lockMove } from './move-lock.js'

/** Removes the copies that exports which were killed have left in `temp/`; those of living processes are locked. */
export function removeAbandonedExports(site: Site): void {
  const temporary = join(site.directory, 'temp')
  for (const name of existsSync(temporary) ? readdirSync(temporary) : []) {
    const [, id] = /^outgoing-([0-9A-Z]{26})$/.exec(name) ?? []
    if (id === undefined) continue
    using lock = lockMove({ id, source: site, target: undefined, observe: UNOBSERVED })
    if (lock !== undefined) rmSync(join(temporary, name), { recursive: true, force: true })
  }
}
