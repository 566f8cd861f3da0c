import { setTimeout } from 'node:timers/promises'
import { BusyError, MantissaError } from '../base/errors.js'
import type { Site } from '../site/site.js'
import { InterruptedError, OutputClosedError } from './cli-env.js'
import type { CommandContext } from './command-context.js'
import { inWords } from './file-failure.js'
import { tellNode } from './tell-node.js'

/**
 * Does a deed that changes the site and records it in the site's audit log: the verb, what was given to it, and how it
 * ended. A dry run records nothing. A failed deed is recorded with its error code where the site can be written.
 * A node that runs for the site is told, so that the change takes effect there at once.
 *
 * @param resultOf - what the record says of a deed that ended well; `done` by default, `already` for one that found
 *   nothing left to do.
 */
export async function audited<Result>(
  context: CommandContext,
  site: Site,
  deed: () => Result | Promise<Result>,
  resultOf: (result: Result) => string = () => 'done',
): Promise<Result> {
  if (context.options.dryRun) return await deed()
  const { recordAudit } = await import('../site/audit.js')
  const record = (result: string): void => recordAudit(site, { verb: context.verb, args: context.given, result })
  try {
    const result = await deed()
    await persistently(() => record(resultOf(result)))
    await tellNode(context, site.directory)
    return result
  } catch (error) {
    if (!holdsSite(error, site)) recordFailure(() => record(codeOf(inWords(error))))
    await tellNode(context, site.directory)
    throw error
  }
}

/** Milliseconds. */
const PATIENCE = 5000

/** A node opens its site so that SQLite waits only shortly; the record of a deed that is done is worth more than that. */
async function persistently(record: () => void): Promise<void> {
  const end = performance.now() + PATIENCE
  for (;;) {
    try {
      record()
      return
    } catch (error) {
      if (!(error instanceof BusyError) || performance.now() > end) throw error
    }
    await setTimeout(50)
  }
}

/** Whether another process has the site's own database for so long that waiting for it once more is in vain. */
function holdsSite(error: unknown, site: Site): boolean {
  return error instanceof BusyError && error.details['path'] === site.directory
}

function codeOf(error: unknown): string {
  if (error instanceof MantissaError) return error.code
  if (error instanceof OutputClosedError) return 'OUTPUT_CLOSED'
  return error instanceof InterruptedError ? 'INTERRUPTED' : 'UNEXPECTED'
}

/** What stopped the deed may stop the record too (a full disk, a busy site); the deed's own error is the one to tell. */
function recordFailure(record: () => void): void {
  try {
    record()
  } catch {
    // the caller throws the deed's error
  }
}
