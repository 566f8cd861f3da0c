import { FenceMovedOnError } from '../../site/fence.js'

/** The effect is there already, or somebody else has gone further: both are fine for a step that may be repeated. */
export function ignoreMovedOn(change: () => void): void {
  try {
    change()
  } catch (error) {
    if (!(error instanceof FenceMovedOnError)) throw error
  }
}
