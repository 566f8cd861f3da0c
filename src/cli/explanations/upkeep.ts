import type { Explanations } from './explanation.js'

export const UPKEEP_EXPLANATIONS: Explanations = {
  SOME_STORES_SKIPPED: {
    meaning:
      'Some stores of the site could not be opened, read or written. What concerns the others is done, or was shown.',
    remedy:
      'The lines before the error, or skipped in its details, say which stores and why. Put them right and run the same command again.',
  },
}
