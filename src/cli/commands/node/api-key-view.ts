import type { MaskedKey } from '../../../offerings/api-keys.js'
import type { View } from '../../view.js'

/** One line of `api-key list`: never the key. */
export const apiKeyView: View<MaskedKey> = {
  name: { title: 'name', value: row => row.name },
  key: { title: 'key', value: row => row.masked },
}

export interface ChangedApiKey {
  readonly status: 'done' | 'removed' | 'already' | 'planned'
  readonly name: string
}

/** What `api-key set` and `api-key remove` come to. */
export const changedApiKeyView: View<ChangedApiKey> = {
  status: { title: 'status', value: row => row.status },
  name: { title: 'name', value: row => row.name },
}
