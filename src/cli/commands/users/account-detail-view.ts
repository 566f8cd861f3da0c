import { methodJson } from '../../../accounts/account-record.js'
import type { AccountDescription } from '../../../accounts/describe-account.js'
import { formatAddress } from '../../../base/address.js'
import { formatSize } from '../../../base/duration-size.js'
import type { Standing } from '../../../offerings/administrative-rights.js'
import type { View } from '../../view.js'

export interface AccountDetail extends AccountDescription {
  /** Null where its store cannot be read. */
  readonly admin: Standing | null
}

/** Everything that `user` tells about one account. */
export const accountDetailView: View<AccountDetail> = {
  address: { title: 'address', value: ({ address }) => address },
  disabled: {
    title: 'state',
    value: ({ record }) => record.disabled,
    text: ({ record }) => (record.disabled ? 'disabled' : 'enabled'),
  },
  password: {
    title: 'password',
    value: ({ record }) => record.passwordHash !== null,
    text: ({ record }) => (record.passwordHash === null ? 'none' : 'set'),
  },
  methods: {
    title: 'login methods',
    value: ({ record }) => record.methods.map(methodJson),
    text: ({ record }) =>
      record.methods
        .map(method => {
          const flags = [method.internal ? 'internal' : 'external', method.verified ? 'verified' : 'unverified']
          return `${formatAddress(method)} (${[method.protocol, ...flags].join(', ')})`
        })
        .join('; '),
  },
  store: { title: 'store', value: ({ store }) => store },
  storeState: { title: 'store state', value: ({ storeState }) => storeState },
  storeId: { title: 'store id', value: ({ fence }) => fence?.storeId ?? null },
  epoch: { title: 'epoch', value: ({ fence }) => fence?.epoch ?? 0, jsonOnly: true },
  bytes: {
    title: 'database',
    value: ({ bytes }) => bytes,
    text: ({ bytes }) => (bytes === null ? '' : formatSize(bytes)),
  },
  items: {
    title: 'items',
    value: ({ items }) => Object.fromEntries(items.map(({ type, count }) => [type, count])),
    text: ({ items }) => items.map(({ type, count }) => `${count} ${type}`).join(', '),
  },
  admin: {
    title: 'administrator',
    value: ({ admin }) => admin,
    text: ({ admin }) => admin ?? 'unknown',
  },
  offerings: { title: 'offerings', value: ({ offerings }) => offerings },
  nextEvent: { title: 'next event', value: ({ nextEvent }) => nextEvent },
  transfer: { title: 'transfer', value: ({ transfer }) => transfer },
  id: { title: 'id', value: ({ accountId }) => accountId, jsonOnly: true },
}
