import { realpathSync } from 'node:fs'
import { sep } from 'node:path'

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
