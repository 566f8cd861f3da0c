import type { UpgradedStore } from '../../../upkeep/upgrade-site.js'
import { counted } from '../../counted.js'
import type { View } from '../../view.js'

export const upgradedStoreView: View<UpgradedStore> = {
  status: { title: 'status', value: ({ status }) => status },
  store: { title: 'store', value: ({ store }) => store, text: ({ store }) => store ?? '(site)' },
  address: { title: 'address', value: ({ address }) => address },
  items: { title: 'items', value: ({ items }) => items, text: ({ items }) => itemsInWords(items) },
  tables: { title: 'tables', value: ({ tables }) => tables, align: 'right' },
  failed: { title: 'failed items', value: ({ failed }) => failed, align: 'right' },
  failures: {
    title: 'failures',
    value: ({ failures }) => failures.map(failure => ({ ...failure })),
    jsonOnly: true,
  },
  code: { title: 'code', value: ({ error }) => error?.code ?? null },
  message: { title: 'message', value: ({ error }) => error?.message ?? null },
}

/** `3 login, 1 login_method`: items by type. */
function itemsInWords(items: UpgradedStore['items']): string {
  return Object.entries(items)
    .map(([typeName, count]) => `${count} ${typeName}`)
    .join(', ')
}

/** What came of all stores together. */
export interface UpgradeTally {
  stores: number
  failed: number
  items: number
  tables: number
}

/** Adds a store to the tally. */
export function tally(sum: UpgradeTally, { status, items, tables }: UpgradedStore): void {
  sum.stores += 1
  sum.tables += tables
  if (status === 'failed') sum.failed += 1
  for (const count of Object.values(items)) sum.items += count
}

/** `5 items and 3 tables in 2 stores, 1 store failed`. */
export function tallyInWords({ stores, failed, items, tables }: UpgradeTally): string {
  const done = `${counted(items, 'item')} and ${counted(tables, 'table')} in ${counted(stores, 'store')}`
  return failed === 0 ? done : `${done}, ${counted(failed, 'store')} failed`
}
