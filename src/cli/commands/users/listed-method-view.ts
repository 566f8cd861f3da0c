import type { AccountRow } from '../../../accounts/list-accounts.js'
import { formatAddress } from '../../../base/address.js'
import type { View } from '../../view.js'

/** One line of `userbase list`. */
export interface ListedMethod {
  readonly address: string
  readonly disabled: boolean
}

export const listedMethodView: View<ListedMethod> = {
  address: {
    title: 'address',
    value: ({ address }) => address,
    text: ({ address, disabled }) => (disabled ? `${address} [DISABLED]` : address),
  },
  disabled: { title: 'disabled', value: ({ disabled }) => disabled, jsonOnly: true },
}

/** Every address of every account. */
export function* listedMethods(accounts: Iterable<AccountRow>): Generator<ListedMethod> {
  for (const { methods, disabled } of accounts) {
    for (const method of methods) yield { address: formatAddress(method), disabled }
  }
}
