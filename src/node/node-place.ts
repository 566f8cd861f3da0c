/**
 * Where a node leaves what others must find, all in the site's `run/`: the lock that says whether one runs (it dies with
 * its process; `run/locks/node.lock`), what it says of itself (`run/control/node.json`), the socket at which it can be
 * spoken to, `mantissa.pid` and `logs/`.
 *
 * Only the lock is believed. A pid file outlives a node that was killed, and pids are given out again; a copy of a site
 * has copies of all files, but nobody holds its lock.
 */
import { lstatSync, readFileSync, unlinkSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { giveToOwnerOf, makeDirectory, writeFileAtomic } from '../base/atomic-file.js'
import { IntegrityError } from '../base/errors.js'
import { type JsonObject, stringifyJson } from '../base/json.js'
import { assertInside } from '../base/safe-path.js'
import { isLockHeld } from '../site/locks.js'

export const NODE_LOCK = 'node'

/** What a node that holds the lock has written about itself. */
export interface NodeFacts extends JsonObject {
  readonly pid: number
  readonly socket: string
  readonly pidFile: string
  /** Null where it logs to no file. */
  readonly logFile: string | null
  /** RFC 3339. */
  readonly since: string
}

export function defaultPidFile(siteDirectory: string): string {
  return join(siteDirectory, 'run', 'mantissa.pid')
}

export function defaultLogFile(siteDirectory: string): string {
  return join(siteDirectory, 'run', 'logs', 'mantissa.log')
}

export function controlDirectory(siteDirectory: string): string {
  return join(siteDirectory, 'run', 'control')
}

/** Whether a node runs for that site, on any machine that shares its locks. Makes nothing. */
export function isNodeRunning(siteDirectory: string): boolean {
  return isLockHeld(siteDirectory, NODE_LOCK)
}

/** What the last node has written about itself, whether or not it still runs; undefined where nothing is there. */
export function readNodeFacts(siteDirectory: string): NodeFacts | undefined {
  try {
    const facts: unknown = JSON.parse(readFileSync(factsFile(siteDirectory), 'utf8'))
    return isFacts(facts) ? facts : undefined
  } catch {
    return undefined
  }
}

/** To be called by whoever holds the lock. */
export function writeNodeFacts(siteDirectory: string, facts: NodeFacts): void {
  const file = factsFile(siteDirectory)
  makeControlDirectory(siteDirectory)
  writeFileAtomic(file, `${stringifyJson(facts)}\n`)
  giveToOwnerOf(siteDirectory, file)
  assertOwnPlace(siteDirectory, facts.pidFile)
  makeDirectory(dirname(facts.pidFile))
  writeFileAtomic(facts.pidFile, `${facts.pid}\n`, { mode: 0o644 })
  giveToOwnerOf(siteDirectory, facts.pidFile)
}

export function makeControlDirectory(siteDirectory: string): void {
  assertOwnPlace(siteDirectory, controlDirectory(siteDirectory))
  makeDirectory(controlDirectory(siteDirectory))
  giveToOwnerOf(siteDirectory, join(siteDirectory, 'run'))
  giveToOwnerOf(siteDirectory, controlDirectory(siteDirectory))
}

/** Takes away what {@link writeNodeFacts} has written; it does not fail. */
export function removeNodeFacts(siteDirectory: string, pidFile?: string): void {
  for (const file of [factsFile(siteDirectory), ...(pidFile === undefined ? [] : [pidFile])]) {
    try {
      unlinkSync(file)
    } catch {
      // It is not there, or stays as it would after a crash.
    }
  }
}

/**
 * Who owns a site may put links in the way of what root writes there. What lies elsewhere was named by whoever typed the
 * command, and is theirs to judge.
 *
 * @throws IntegrityError (`PATH_ESCAPES`) for a path below the site that is a link or leads out of it.
 */
export function assertOwnPlace(siteDirectory: string, path: string): void {
  if (!path.startsWith(siteDirectory + sep)) return
  assertInside(siteDirectory, path)
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return
  throw new IntegrityError(`${path} is a symbolic link`, {
    code: 'PATH_ESCAPES',
    hint: 'put a plain file or directory there, or name another place',
    details: { path },
  })
}

function factsFile(siteDirectory: string): string {
  return join(controlDirectory(siteDirectory), 'node.json')
}

/** The file may be of a site that somebody else has sent. */
function isFacts(value: unknown): value is NodeFacts {
  const { pid, socket, pidFile, logFile, since } = value as Partial<Record<keyof NodeFacts, unknown>>
  const isText = [socket, pidFile, since].every(each => typeof each === 'string')
  return Number.isSafeInteger(pid) && Number(pid) > 1 && isText && (logFile === null || typeof logFile === 'string')
}
