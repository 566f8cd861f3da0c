import type { Finding } from '../../../upkeep/check/finding.js'
import type { View } from '../../view.js'

/** `repaired`: and what it was. `skipped`: it could not be repaired now. `planned`: a dry run of what would be. */
export type FindingStatus = 'found' | 'repaired' | 'skipped' | 'planned'

export interface ToldFinding extends Finding {
  readonly status: FindingStatus
}

export const findingView: View<ToldFinding> = {
  severity: { title: 'severity', value: ({ severity }) => severity },
  code: { title: 'code', value: ({ code }) => code, isWhole: true },
  store: { title: 'store', value: ({ store }) => store },
  address: { title: 'address', value: ({ address }) => address },
  message: { title: 'finding', value: ({ message }) => message },
  repair: { title: 'repair', value: ({ repair }) => repair ?? null },
  status: { title: 'status', value: ({ status }) => status },
}
