import type { View } from '../../view.js'

/** What became of an account that was to be removed. */
export interface RemovedAccount {
  readonly status: 'removed' | 'planned'
  readonly address: string
  /** Where the store is now; null when nothing was kept. */
  readonly archive: string | null
  /** Where the site still has the old directory; null when it is gone. */
  readonly quarantine: string | null
}

export const removedAccountView: View<RemovedAccount> = {
  status: { title: 'status', value: ({ status }) => status },
  address: { title: 'address', value: ({ address }) => address },
  archive: { title: 'archive', value: ({ archive }) => archive },
  quarantine: { title: 'old directory', value: ({ quarantine }) => quarantine },
}
