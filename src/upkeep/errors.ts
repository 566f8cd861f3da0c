import { IntegrityError, PartialFailureError } from '../base/errors.js'
import type { SkippedStore } from './every-store.js'

/** Some stores of a site could not be looked into; what was found in the others stands. */
export class StoresSkippedError extends PartialFailureError {
  constructor(skipped: readonly SkippedStore[]) {
    const [were, they] = skipped.length === 1 ? ['store was', 'it'] : ['stores were', 'they']
    super(`${skipped.length} ${were} left out, since ${they} cannot be opened`, {
      code: 'SOME_STORES_SKIPPED',
      hint: 'what is wrong with the stores of the site tells: mantissa check',
      details: {
        stores: skipped.length,
        skipped: skipped.map(({ place: { address, path }, error: { code, message } }) => ({
          ...{ address, store: path },
          ...{ code, message },
        })),
      },
    })
  }
}

/** A store has triggers, whose SQL would run at every write. Nothing was changed. */
export class ForeignTriggerError extends IntegrityError {
  constructor(store: string, name: string) {
    super(`${store} holds a trigger, ${JSON.stringify(name)}, which would run at every write`, {
      code: 'FOREIGN_SCHEMA',
      hint: 'find out who made it, drop it with sqlite3, and run the command again',
      details: { path: store, name },
    })
  }
}
