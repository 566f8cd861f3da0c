/**
 * The one table of exit codes. A command knows none of them: it returns or throws, and the family of the error
 * decides. The numbers are a promise to scripts.
 */
import {
  BusyError,
  ConflictError,
  DeniedError,
  IntegrityError,
  InvalidInputError,
  NotFoundError,
  PartialFailureError,
  PendingError,
  RolledBackError,
  UnavailableError,
} from '../base/errors.js'
import { InterruptedError, OutputClosedError } from './cli-env.js'

export interface ExitCode {
  readonly code: number
  readonly name: string
  readonly meaning: string
  readonly errors: readonly (abstract new (...parameters: never[]) => Error)[]
}

export const EXIT_CODES = [
  { code: 0, name: 'done', meaning: 'done, also when there was nothing left to do', errors: [OutputClosedError] },
  { code: 1, name: 'failed', meaning: 'a bug or an unexpected failure', errors: [] },
  { code: 2, name: 'usage', meaning: 'wrong usage; nothing was changed', errors: [InvalidInputError] },
  { code: 3, name: 'not-found', meaning: 'what was named does not exist', errors: [NotFoundError] },
  { code: 4, name: 'conflict', meaning: 'exists already, name taken, or another owner', errors: [ConflictError] },
  { code: 5, name: 'denied', meaning: 'bad credentials, or not permitted', errors: [DeniedError] },
  {
    code: 6,
    name: 'bad-data',
    meaning: 'damaged store, malformed archive or failed verification; nothing was changed',
    errors: [IntegrityError],
  },
  { code: 7, name: 'busy', meaning: 'busy or unreachable; try again', errors: [BusyError, UnavailableError] },
  { code: 8, name: 'pending', meaning: 'in doubt or pending; the message says what to run', errors: [PendingError] },
  {
    code: 9,
    name: 'rolled-back',
    meaning: 'rolled back to the state that the message names',
    errors: [RolledBackError],
  },
  { code: 10, name: 'partial', meaning: 'some of many failed; each is reported', errors: [PartialFailureError] },
  { code: 130, name: 'interrupted', meaning: 'interrupted by Ctrl-C', errors: [InterruptedError] },
] as const satisfies readonly ExitCode[]

/** 1 for whatever is not in the table: an error that nobody expected is a bug. */
export function exitCodeOf(error: unknown): number {
  const rows: readonly ExitCode[] = EXIT_CODES
  return rows.find(row => row.errors.some(family => error instanceof family))?.code ?? 1
}
