import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, findingAt, SITE_ITSELF } from './finding.js'
import { OTHERS } from './modes.js'

/** Where the key of the site's certificate lies, below its directory. */
export const KEY = 'files/server.pem'

/** A private key that others may read is no longer private; whoever has read it stays able to. */
export function keyFindings(site: string): readonly Finding[] {
  const stats = lstatSync(join(site, KEY), { throwIfNoEntry: false })
  if (stats === undefined || stats.isSymbolicLink() || (stats.mode & OTHERS) === 0) return []
  const message = `${KEY} holds the private key of the site and is not its owner's alone; think of making a new one`
  return [findingAt(SITE_ITSELF, { code: 'KEY_EXPOSED', message, repair: 'let only its owner read it' })]
}
