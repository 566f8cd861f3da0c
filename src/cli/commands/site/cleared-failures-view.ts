import type { DeedStatus } from '../../deed-status.js'
import type { View } from '../../view.js'

/** What `events clear-failures` has removed. */
export interface ClearedFailures {
  readonly status: DeedStatus
  readonly failures: number
  /** Stores that had some. */
  readonly stores: number
}

export const clearedFailuresView: View<ClearedFailures> = {
  status: { title: 'status', value: ({ status }) => status },
  failures: { title: 'failures', value: ({ failures }) => failures },
  stores: { title: 'stores', value: ({ stores }) => stores },
}
