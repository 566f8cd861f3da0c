import { expect, it } from 'vitest'
import * as errors from '../../src/base/errors.js'
import { InterruptedError, OutputClosedError } from '../../src/cli/cli-env.js'
import { EXIT_CODES, type ExitCode, exitCodeOf } from '../../src/cli/exit-codes.js'

it.each([
  [errors.InvalidInputError, 2],
  [errors.NotFoundError, 3],
  [errors.ConflictError, 4],
  [errors.DeniedError, 5],
  [errors.IntegrityError, 6],
  [errors.BusyError, 7],
  [errors.UnavailableError, 7],
  [errors.PendingError, 8],
  [errors.RolledBackError, 9],
  [errors.PartialFailureError, 10],
  [InterruptedError, 130],
  [OutputClosedError, 0],
  [TypeError, 1],
])('%o ends with %i', (family, code) => expect(exitCodeOf(new family('x'))).toBe(code))

it('gives every code one row', () => {
  const codes = EXIT_CODES.map(({ code }) => code)
  expect(new Set(codes).size).toBe(codes.length)
})

it('knows every family of errors', () => {
  const families: readonly unknown[] = Object.values(errors).filter(each => each !== errors.MantissaError)
  const rows: readonly ExitCode[] = EXIT_CODES
  const known: readonly unknown[] = rows.flatMap(row => row.errors)
  expect(families.filter(each => !known.includes(each))).toEqual([])
})
