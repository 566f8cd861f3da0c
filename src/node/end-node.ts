import { setTimeout } from 'node:timers/promises'
import { UnavailableError } from '../base/errors.js'
import { isProcessAlive, signalProcess } from '../base/this-process.js'
import { findHolders } from '../store-engine/database/holders.js'
import { askNode, NodeSilentError } from './control/ask-node.js'
import { isNodeRunning } from './node-place.js'

/** Milliseconds for a node to hear that it shall stop; then its process is told. */
const HEARING = 3000
/** Milliseconds for a process that was killed to be gone. */
const DYING = 10_000

/** Which node is meant, and whether it has answered lately. */
export interface NodeToEnd {
  readonly pid: number | null
  readonly status: string
}

/** Asks the node of a site to stop, by its socket or where it does not listen by a signal; does not wait for the end. */
export async function endNode(siteDirectory: string, node: NodeToEnd): Promise<void> {
  if (node.status !== 'silent' && (await hears(siteDirectory))) return
  if (isNodeRunning(siteDirectory)) signalNode(siteDirectory, node.pid, 'SIGTERM')
}

async function hears(siteDirectory: string): Promise<boolean> {
  try {
    return (await askNode(siteDirectory, 'stop', { greeting: HEARING, answer: HEARING })) !== undefined
  } catch (error) {
    if (error instanceof NodeSilentError) return false
    throw error
  }
}

/** Ends the process of a node at once. Whether it is gone. */
export function killNode(siteDirectory: string, pid: number | null): Promise<boolean> {
  signalNode(siteDirectory, pid, 'SIGKILL')
  return waitForEnd(siteDirectory, DYING)
}

/** Whether the node has let go of the site within that many milliseconds. */
export async function waitForEnd(siteDirectory: string, milliseconds: number): Promise<boolean> {
  const end = performance.now() + milliseconds
  while (isNodeRunning(siteDirectory)) {
    if (performance.now() > end) return false
    await setTimeout(50)
  }
  return true
}

/**
 * A process id that was read in a file may by now, or in another container, be of anything; so the process must have the
 * site's database open, where that can be seen.
 */
function signalNode(siteDirectory: string, pid: number | null, signal: 'SIGTERM' | 'SIGKILL'): void {
  const holders = findHolders(siteDirectory)
  const isIt = pid !== null && isProcessAlive(pid) && (holders.length === 0 || holders.some(each => each.pid === pid))
  if (!isIt || pid === null) {
    throw new UnavailableError(`a node runs for ${siteDirectory}, and its process cannot be seen from here`, {
      code: 'NODE_ELSEWHERE',
      hint: 'stop it where it was started: another container, or another machine that shares the directory',
      details: { site: siteDirectory, pid },
    })
  }
  signalProcess(pid, signal)
}
