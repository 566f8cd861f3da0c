import { lstatSync, readdirSync, type Stats, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UntrustedSourceError } from './offering-errors.js'

const STICKY = 0o1000
const WRITABLE_BY_OTHERS = 0o022

/**
 * Makes sure that nobody but root and the owner of the site can change the code below `directory`, directly or by
 * exchanging one of the directories above it. Symbolic links inside are taken at the word of who put them there.
 *
 * `directory` must have its own links resolved.
 * @throws UntrustedSourceError naming the first file or directory that somebody else could write.
 */
export function assertTrustedSource(directory: string, siteDirectory: string): void {
  const owner = statSync(siteDirectory).uid
  for (const ancestor of ancestorsOf(directory)) assertAncestor(ancestor, owner)
  assertTree(directory, owner)
}

function ancestorsOf(directory: string): readonly string[] {
  const parent = dirname(directory)
  return parent === directory ? [] : [...ancestorsOf(parent), parent]
}

/** In a sticky directory such as /tmp, entries can be exchanged by their owner only. */
function assertAncestor(path: string, owner: number): void {
  const stats = statSync(path)
  if ((stats.mode & STICKY) === 0) assertEntry(path, stats, owner)
  else assertOwner(path, stats, owner)
}

function assertTree(path: string, owner: number): void {
  const stats = lstatSync(path)
  if (stats.isSymbolicLink()) assertOwner(path, stats, owner)
  else assertEntry(path, stats, owner)
  if (stats.isDirectory()) for (const name of readdirSync(path)) assertTree(join(path, name), owner)
}

function assertEntry(path: string, stats: Stats, owner: number): void {
  assertOwner(path, stats, owner)
  if ((stats.mode & WRITABLE_BY_OTHERS) !== 0)
    throw new UntrustedSourceError(path, 'can be written by others', `chmod -R go-w ${path}`)
}

function assertOwner(path: string, stats: Stats, owner: number): void {
  if (stats.uid === 0 || stats.uid === owner) return
  throw new UntrustedSourceError(
    path,
    "belongs neither to root nor to the site's owner",
    `give it to the owner of the site: chown -R ${owner} ${path}`,
  )
}
