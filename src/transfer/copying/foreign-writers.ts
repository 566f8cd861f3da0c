import { readFileSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isProcessAlive } from '../../base/this-process.js'
import { findHolders, type Holder } from '../../store-engine/database/holders.js'
import { StoreInUseError } from '../transfer-errors.js'

/** Programs that open stores through this project's engine, which honours the fence. */
const HONOURS_THE_FENCE = new Set(['node', 'mantissa', 'nodejs'])
/** What a server of the original software runs as. */
const ORIGINAL = /python|twistd|axiomatic/i

/**
 * Looks for a process that would go on writing a sealed store: the original's server, by its pid file, and whatever
 * has the store's database open and is not run by Node.
 *
 * Of another user's processes Linux tells nothing, and other systems tell nothing of any; there the pid file decides.
 *
 * @throws StoreInUseError naming the process; nothing was changed.
 */
export function assertNoForeignWriter(siteDirectory: string, storeDirectory: string): void {
  const server = originalServerOf(siteDirectory)
  if (server !== undefined) {
    throw new StoreInUseError(`process ${server} serves ${siteDirectory} and would not notice a sealed store`, {
      pid: server,
      directory: siteDirectory,
    })
  }
  const [holder] = findHolders(realpathSync(storeDirectory), isForeign)
  if (holder === undefined) return
  throw new StoreInUseError(`process ${holder.pid} (${holder.command}) has ${storeDirectory} open`, {
    pid: holder.pid,
    command: holder.command,
    directory: storeDirectory,
  })
}

function isForeign({ isSelf, command }: Holder): boolean {
  return !isSelf && !HONOURS_THE_FENCE.has(basename(command.split(' ')[0] ?? ''))
}

/** The pid of the original's server, where its pid file names a living process that may be one. */
export function originalServerOf(siteDirectory: string): number | undefined {
  const pid = Number(readOrEmpty(join(siteDirectory, 'run', 'axiomatic.pid')))
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isProcessAlive(pid)) return undefined
  const command = readOrEmpty(`/proc/${pid}/cmdline`)
  return command === '' || ORIGINAL.test(command) ? pid : undefined
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}
