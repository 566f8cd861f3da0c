import type { MethodRecord } from '../../../accounts/account-record.js'
import { formatAddress } from '../../../base/address.js'
import type { View } from '../../view.js'

/** One line per login method. */
export const methodView: View<MethodRecord> = {
  address: { title: 'address', value: formatAddress },
  protocol: {
    title: 'protocol',
    value: ({ protocol }) => protocol,
    text: ({ protocol }) => (protocol === '*' ? '* (any)' : protocol),
  },
  internal: { title: 'internal', value: ({ internal }) => internal },
  verified: { title: 'verified', value: ({ verified }) => verified },
}

/** What became of a login method. */
export interface ChangedMethod {
  readonly status: 'added' | 'removed' | 'already' | 'planned'
  readonly account: string
  readonly address: string
  /** Null for every protocol that the address was for. */
  readonly protocol: string | null
}

export const changedMethodView: View<ChangedMethod> = {
  status: { title: 'status', value: ({ status }) => status },
  account: { title: 'account', value: ({ account }) => account },
  address: { title: 'address', value: ({ address }) => address },
  protocol: { title: 'protocol', value: ({ protocol }) => protocol },
}
