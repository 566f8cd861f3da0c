/** Longer paths are refused by common file systems anyway. */
const LONGEST_PATH = 4000
const LONGEST_NAME = 255

/**
 * Why a path from a stranger may not be used below a directory of ours; undefined when it may.
 * The path is relative, its names divided by `/`.
 */
export function faultOfTreePath(path: string): string | undefined {
  if (path === '') return 'is empty'
  if (path.startsWith('/')) return 'is absolute'
  if (path.includes('\0')) return 'holds a NUL character'
  if (Buffer.byteLength(path) > LONGEST_PATH) return 'is too long'
  if (!path.isWellFormed()) return 'is not valid Unicode'
  const names = path.split('/')
  if (names.includes('..')) return 'leads upwards'
  if (names.some(name => name === '' || name === '.')) return 'has an empty name'
  if (names.some(name => Buffer.byteLength(name) > LONGEST_NAME)) return 'has too long a name'
  return undefined
}
