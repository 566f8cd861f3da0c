import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, sep } from 'node:path'
import { safeJoin } from '../../base/safe-path.js'

export interface FoundFile {
  /** The directory of the file, and its name there. */
  readonly root: string
  readonly name: string
  /** It stands for a directory that was asked for without a slash; relative links in it would go astray. */
  readonly wantsSlash: boolean
}

/**
 * The file below `directory` to which the segments of a path lead; undefined where there is none, where a name begins
 * with a dot, and where links lead outside.
 */
export async function findFile(directory: string, segments: readonly string[]): Promise<FoundFile | undefined> {
  const names = segments.at(-1) === '' ? segments.slice(0, -1) : segments
  if (names.some(name => name.startsWith('.') || !isName(name))) return undefined
  try {
    const top = await realpath(directory)
    const path = await realpath(safeJoin(top, ...names))
    const isDirectory = (await stat(path)).isDirectory()
    if (!isDirectory && names.length < segments.length) return undefined
    const file = isDirectory ? await realpath(safeJoin(path, 'index.html')) : path
    if (!isInside(top, file) || !(await stat(file)).isFile()) return undefined
    return {
      root: dirname(file),
      name: basename(file),
      wantsSlash: isDirectory && segments.at(-1) !== '',
    }
  } catch {
    // Missing, or not readable for the node: the same to a visitor.
    return undefined
  }
}

function isName(segment: string): boolean {
  return segment !== '' && !/[/\\\0]/.test(segment)
}

function isInside(top: string, path: string): boolean {
  return path.startsWith(top.endsWith(sep) ? top : top + sep)
}
