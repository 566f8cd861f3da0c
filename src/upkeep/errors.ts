import { PartialFailureError } from '../base/errors.js'

/** Some stores of a site could not be looked into; what was found in the others stands. */
export class StoresSkippedError extends PartialFailureError {
  constructor(count: number) {
    super(
      `${count} ${count === 1 ? 'store was' : 'stores were'} left out, since ${count === 1 ? 'it' : 'they'} cannot be opened`,
      {
        code: 'SOME_STORES_SKIPPED',
        hint: 'the lines before this one say which, and why',
        details: { stores: count },
      },
    )
  }
}
