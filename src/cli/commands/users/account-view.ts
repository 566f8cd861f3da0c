import { methodJson } from '../../../accounts/account-record.js'
import type { AccountRow } from '../../../accounts/list-accounts.js'
import { formatAddress } from '../../../base/address.js'
import type { View } from '../../view.js'

/** One line per account in `users`. */
export const accountView: View<AccountRow> = {
  address: {
    title: 'address',
    value: ({ address }) => address,
    text: ({ address }) => address ?? '(no address)',
  },
  disabled: {
    title: 'state',
    value: ({ disabled }) => disabled,
    text: ({ disabled }) => (disabled ? 'disabled' : 'enabled'),
  },
  password: { title: 'password', value: ({ hasPassword }) => hasPassword },
  methods: {
    title: 'further addresses',
    value: ({ methods }) => methods.map(methodJson),
    text: ({ methods }) => methods.slice(1).map(formatAddress).join(', '),
  },
  store: { title: 'store', value: ({ storepath }) => storepath, jsonOnly: true },
  id: { title: 'id', value: ({ accountId }) => accountId, jsonOnly: true },
}
