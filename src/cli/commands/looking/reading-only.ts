import { InvalidInputError } from '../../../base/errors.js'
import type { CommandContext } from '../../command-context.js'

/** Refuses the options of verbs that write where a verb was not told to write. @throws InvalidInputError. */
export function refuseOptionsOfWriting({ options, verb }: CommandContext): void {
  const given = options.dryRun ? '--dry-run' : options.journalMode === undefined ? undefined : '--journal-mode'
  if (given === undefined) return
  throw new InvalidInputError(`without --write ${verb} changes nothing, so it has no ${given}`, {
    code: 'USAGE',
    hint: `leave ${given} out, or add --write`,
  })
}
