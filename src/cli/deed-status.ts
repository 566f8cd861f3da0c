import type { CommandContext } from './command-context.js'

/** How a deed ended, as the `status` of its JSON says: in a dry run nothing is done, it is `planned`. */
export type DeedStatus = 'done' | 'already' | 'planned'

export function statusIn(context: CommandContext, status: 'done' | 'already'): DeedStatus {
  return status === 'done' && context.options.dryRun ? 'planned' : status
}
