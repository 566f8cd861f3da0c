import { lstatSync, readdirSync, type Stats, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ownUid } from '../base/this-process.js'
import { UntrustedSourceError } from './offering-errors.js'

const STICKY = 0o1000
const WRITABLE_BY_OTHERS = 0o022

/**
 * Makes sure that nobody but root and whoever runs this can change the code below `directory`, directly or by
 * exchanging one of the directories above it. Symbolic links inside are taken at the word of who put them there.
 *
 * That whoever runs it owns the site is the usual case. Root runs no code but root's: a site records its sources
 * itself, so its owner could have root run anything.
 *
 * `directory` must have its own links resolved.
 * @throws UntrustedSourceError naming the first file or directory that somebody else could write.
 */
export function assertTrustedSource(directory: string): void {
  const owner = ownUid()
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
    'belongs neither to root nor to whoever runs this command',
    `run it as the owner, uid ${stats.uid}, or give the code to root: chown -R root ${path}`,
  )
}
