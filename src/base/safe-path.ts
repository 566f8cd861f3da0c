import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { DeniedError, IntegrityError, InvalidInputError } from './errors.js'

/**
 * Joins names below `root`. Every segment must be one plain name.
 *
 * @throws InvalidInputError (`UNSAFE_PATH`) for an empty segment, `.`, `..`, and any segment holding `/`, `\`, NUL or half
 * a surrogate pair, which the file system would take for another one.
 */
export function safeJoin(root: string, ...segments: readonly string[]): string {
  for (const segment of segments) {
    if (isPlainName(segment)) continue
    throw new InvalidInputError(`${JSON.stringify(segment)} cannot be the name of a file or directory`, {
      code: 'UNSAFE_PATH',
      hint: 'use a name without slashes that is not empty, "." or ".."',
      details: { segment },
    })
  }
  return join(root, ...segments)
}

/**
 * Holds `path` against `root` with all symbolic links resolved, and returns the resolved path.
 * What does not exist yet is judged by its nearest existing ancestor.
 *
 * @throws IntegrityError (`PATH_ESCAPES`) when the path leads outside of `root` or, by links, in a circle; the root itself
 *   counts as inside. DeniedError (`FILE_DENIED`) where the user may not follow it.
 */
export function assertInside(root: string, path: string): string {
  const realRoot = realpathSync(root)
  const real = resolveExistingPart(resolve(root, path))
  if (real === realRoot || real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) return real
  throw new IntegrityError(`${path} leads outside of ${root}`, {
    code: 'PATH_ESCAPES',
    hint: 'look for a symbolic link or a ".." in that path',
    details: { root, path },
  })
}

function isPlainName(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..' && !/[/\\\0]/.test(segment) && segment.isWellFormed()
}

function resolveExistingPart(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    const parent = dirname(path)
    const { code = '' } = error as NodeJS.ErrnoException
    if ((code !== 'ENOENT' && code !== 'ENOTDIR') || parent === path) throw unresolvable(error, code, path)
    return join(resolveExistingPart(parent), basename(path))
  }
}

function unresolvable(cause: unknown, code: string, path: string): unknown {
  const details = { path }
  if (code === 'ELOOP') {
    const options = { code: 'PATH_ESCAPES', hint: 'look for a symbolic link in that path', details, cause }
    return new IntegrityError(`${path} leads in a circle of symbolic links`, options)
  }
  if (code !== 'EACCES') return cause
  const hint = 'check the permissions, or run it as the owner of the site'
  return new DeniedError(`${path} is not permitted to this user`, { code: 'FILE_DENIED', hint, details, cause })
}
