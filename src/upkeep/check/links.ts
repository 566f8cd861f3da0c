import { realpathSync } from 'node:fs'
import { sep } from 'node:path'
import type { Fault } from './finding.js'
import { counted, someOf } from './wording.js'

/** Whether a path, all links resolved, lies outside of the site; one that leads to nothing counts as outside. */
export function leadsOut(site: string, path: string): boolean {
  const real = realPathOf(path)
  return real !== site && real?.startsWith(site + sep) !== true
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync.native(path)
  } catch {
    return undefined
  }
}

/** One fault for all of them; none where there is no such link. */
export function linkFaults(paths: readonly string[], site: string): Fault[] {
  if (paths.length === 0) return []
  const names = paths.map(path => path.slice(site.length + 1) || '.')
  return [{ code: 'LINK_LEADS_OUT', message: `${counted(names.length, 'link')} out of the site: ${someOf(names)}` }]
}
