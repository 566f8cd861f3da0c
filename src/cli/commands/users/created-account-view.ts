import type { View } from '../../view.js'

/** One account that was asked for, alone or as a line of a list. */
export interface CreatedAccount {
  readonly status: 'created' | 'already' | 'failed' | 'planned'
  readonly address: string | null
  /** The line of the list, counted from 1 with its header; null for a single account. */
  readonly line: number | null
  readonly code: string | null
  readonly message: string | null
}

export const createdAccountView: View<CreatedAccount> = {
  status: { title: 'status', value: ({ status }) => status },
  address: { title: 'address', value: ({ address }) => address },
  line: { title: 'line', value: ({ line }) => line },
  code: { title: 'code', value: ({ code }) => code },
  message: { title: 'message', value: ({ message }) => message },
}
