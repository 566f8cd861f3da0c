import { methodJson } from '../../../accounts/account-record.js'
import type { AccountRow } from '../../../accounts/list-accounts.js'
import { formatAddress } from '../../../base/address.js'
import type { Administrator } from '../../../offerings/administrators-among.js'
import type { Column, View } from '../../view.js'

const address: Column<AccountRow> = {
  title: 'address',
  value: row => row.address,
  text: row => row.address ?? '(no address)',
}

const FACTS = {
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
} satisfies View<AccountRow>

/** One line per account in `users`. */
export const accountView: View<AccountRow> = { address, ...FACTS }

/** One line per account in `users --admins`. */
export const administratorView: View<Administrator> = {
  address,
  admin: { title: 'administrator', value: ({ admin }) => admin, text: ({ admin }) => admin ?? 'unknown' },
  ...FACTS,
}
