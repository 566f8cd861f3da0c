import { setTimeout } from 'node:timers/promises'
import { ConflictError } from '../base/errors.js'
import { tryLock } from '../site/locks.js'
import type { Site } from '../site/site.js'
import type { HeldLock } from '../store-engine/database/lock-database.js'
import { originalServerOf } from '../transfer/copying/foreign-writers.js'
import { NODE_LOCK, readNodeFacts } from './node-place.js'

/**
 * The right to be the node of a site, which ends with the process. It is asked for more than once: whoever looks whether
 * a node runs holds it for a moment.
 *
 * @throws NodeRunningError; OriginalServerRunsError where the original's server works on the site, which knows of no
 *   fences and locks. Nothing was changed.
 */
export async function takeNodeLock(site: Site): Promise<HeldLock> {
  const server = originalServerOf(site.directory)
  if (server !== undefined) throw new OriginalServerRunsError(site.directory, server)
  for (let tries = 10; tries > 0; tries -= 1) {
    const lock = tryLock(site, NODE_LOCK)
    if (lock !== undefined) return lock
    await setTimeout(50)
  }
  throw new NodeRunningError(site.directory)
}

/** A node works on this site already. It was left alone. */
export class NodeRunningError extends ConflictError {
  constructor(siteDirectory: string) {
    const facts = readNodeFacts(siteDirectory)
    const who = facts === undefined ? '' : ` (process ${facts.pid}, since ${facts.since})`
    super(`a node runs already for ${siteDirectory}${who}`, {
      code: 'NODE_RUNNING',
      hint: 'look at it with mantissa status; end it with mantissa stop',
      details: { site: siteDirectory, pid: facts?.pid ?? null, since: facts?.since ?? null },
    })
  }
}

/** The original's server works on this site; two would write over each other. Nothing was started. */
export class OriginalServerRunsError extends ConflictError {
  constructor(siteDirectory: string, pid: number) {
    super(`process ${pid} of the original software serves ${siteDirectory}`, {
      code: 'ORIGINAL_SERVER_RUNS',
      hint: 'stop it first: axiomatic -d <site> stop',
      details: { site: siteDirectory, pid },
    })
  }
}
