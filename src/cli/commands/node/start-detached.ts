import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { giveToOwnerOf, makeDirectory } from '../../../base/atomic-file.js'
import {
  ConflictError,
  DeniedError,
  type ErrorOptions,
  IntegrityError,
  InvalidInputError,
  type MantissaError,
  NotFoundError,
  PendingError,
  UnavailableError,
} from '../../../base/errors.js'
import { nodeProgram } from '../../../base/this-process.js'
import { assertOwnPlace } from '../../../node/node-place.js'
import type { NodeState } from '../../../offerings/node-state.js'
import { DiskFullError, isFull } from '../../../store-engine/database/sqlite-errors.js'
import type { CommandContext } from '../../command-context.js'
import type { NodePlan } from './node-plan.js'
import { nodeView, sentencesFor } from './node-view.js'

const PROGRAM = fileURLToPath(new URL('../../../../bin/mantissa.js', import.meta.url))
/** Milliseconds for a node to become ready. */
const PATIENCE = 60_000

/**
 * Starts the node in a process of its own and waits until it says that it is ready, or has ended.
 * @throws what it has ended with; PendingError (`NODE_STARTING`) where it does neither in time, and then it goes on.
 */
export async function startDetached(options: NodePlan, context: CommandContext): Promise<void> {
  const errors = errorFileFor(options)
  const told = openSync(errors, 'a', 0o600)
  const before = statSync(errors).size
  giveToOwnerOf(options.site, errors)
  const child = spawn(nodeProgram(), [PROGRAM, ...wordsFor(options, context)], {
    detached: true,
    stdio: ['ignore', 'ignore', told],
    cwd: '/',
    env: { ...context.env.variables },
  })
  closeSync(told)
  child.unref()
  const state = await readiness(child, options)
  if (state === undefined) throw failureIn(readFileSync(errors).subarray(before).toString('utf8'), child, errors)
  const shown = { ...state, status: 'running' as const, logFile: options.logFile }
  await context.printer.outcome(nodeView, shown, ...sentencesFor(state))
}

/** What it says of itself when it is ready; undefined where it has ended. */
async function readiness(child: ChildProcess, options: NodePlan): Promise<NodeState | undefined> {
  const { askNode } = await import('../../../node/control/ask-node.js')
  const end = performance.now() + (options.timeout ?? PATIENCE)
  let hasEnded = false
  child.once('exit', () => {
    hasEnded = true
  })
  child.once('error', () => {
    hasEnded = true
  })
  while (!hasEnded) {
    const said = await askNode<NodeState>(options.site, 'state').catch(() => undefined)
    if (said?.pid === child.pid && said?.answer.ready === true) return said.answer
    if (performance.now() > end) {
      throw new PendingError(`the node (process ${child.pid}) is not ready yet`, {
        code: 'NODE_STARTING',
        hint: 'see how far it is: mantissa status, mantissa logs',
        details: { site: options.site, pid: child.pid ?? null },
      })
    }
    await setTimeout(50)
  }
  return undefined
}

/** Beside the log: what the process itself says when it dies. */
function errorFileFor({ logFile, site }: NodePlan): string {
  const file = `${(logFile ?? '').replace(/\.log$/, '')}.err`
  assertOwnPlace(site, file)
  const isNew = !existsSync(dirname(file))
  makeDirectory(dirname(file))
  if (isNew) giveToOwnerOf(site, dirname(file))
  return file
}

function wordsFor(options: NodePlan, context: CommandContext): string[] {
  const { journalMode, debug } = context.options
  const valued = {
    site: options.site,
    'log-file': options.logFile,
    'log-level': options.logLevel,
    'pid-file': options.pidFile,
    admin: options.admin,
    'keep-open': options.keepOpen,
    'journal-mode': journalMode,
  }
  const words = Object.entries(valued).flatMap(([name, value]) => (value == null ? [] : [`--${name}`, String(value)]))
  const flags = [...(options.strict === true ? ['--strict'] : []), ...(debug ? ['--debug'] : [])]
  return ['start', '--json', '--quiet', '--no-input', ...words, ...flags]
}

const FAMILIES: Readonly<Record<number, new (message: string, options: ErrorOptions) => MantissaError>> = {
  2: InvalidInputError,
  3: NotFoundError,
  4: ConflictError,
  5: DeniedError,
  6: IntegrityError,
  8: PendingError,
}

/** The error with which the process has ended, as if it had happened here; on a full disk it could not write it down. */
function failureIn(text: string, child: ChildProcess, file: string): Error {
  const told = errorIn(text)
  const how = child.signalCode === null ? `exit code ${child.exitCode}` : child.signalCode
  const Family = FAMILIES[child.exitCode ?? 0] ?? UnavailableError
  if (told !== undefined) return new Family(told.message, told)
  if (isFull(dirname(file))) return new DiskFullError(dirname(file), undefined)
  return new UnavailableError(`the node has ended before it was ready (${how})`, {
    code: 'NODE_ENDED',
    hint: `see what it said: ${file}`,
    details: { file },
  })
}

function errorIn(text: string): { readonly message: string; readonly code: string; readonly hint: string } | undefined {
  const start = text.lastIndexOf('{\n  "error"')
  try {
    return (JSON.parse(text.slice(start)) as { readonly error: ReturnType<typeof errorIn> }).error
  } catch {
    return undefined
  }
}
