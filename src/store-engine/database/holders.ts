import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

export interface Holder {
  readonly pid: number
  /** Command line with spaces between its words, at most 120 characters. */
  readonly command: string
  /** True for the process that asks. */
  readonly isSelf: boolean
}

/**
 * Processes that have the database of a store open, as far as this user may see them: Linux only, elsewhere always
 * empty. Reads `/proc` and never opens the database, since closing such a descriptor would drop SQLite's locks.
 *
 * @param isWanted - spares looking through the open files of processes that nobody asks for.
 */
export function findHolders(storeDirectory: string, isWanted: (holder: Holder) => boolean = () => true): Holder[] {
  const database = realPathOf(join(storeDirectory, 'db.sqlite'))
  const self = Number(linkOf('/proc/self') ?? -1)
  return processIds()
    .map(pid => ({ pid, command: commandOf(pid), isSelf: pid === self }))
    .filter(holder => isWanted(holder) && holdsOpen(holder.pid, database))
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? [Number(name)] : []))
  } catch {
    return []
  }
}

function holdsOpen(pid: number, path: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(fd => linkOf(`/proc/${pid}/fd/${fd}`) === path)
  } catch {
    return false
  }
}

/** As `/proc` names it: with symbolic links resolved. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim().slice(0, 120)
  } catch {
    return ''
  }
}
