import type { View } from '../../view.js'

/** What a verb did to an account. */
export interface ChangedAccount {
  readonly status: 'done' | 'already' | 'planned'
  readonly address: string
  /** What holds for it now, in a word or two. */
  readonly state: string
}

export const changedAccountView: View<ChangedAccount> = {
  status: { title: 'status', value: ({ status }) => status },
  address: { title: 'address', value: ({ address }) => address },
  state: { title: 'state', value: ({ state }) => state },
}
