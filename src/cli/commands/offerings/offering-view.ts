import type { OfferingState } from '../../../offerings/list-offerings.js'
import type { View } from '../../view.js'

/** One line of `offering list`. */
export const offeringListView: View<OfferingState> = {
  name: { title: 'name', value: row => row.name },
  status: { title: 'status', value: row => row.status, text: statusText },
  version: { title: 'version', value: row => row.version },
  users: { title: 'users', value: row => row.users, align: 'right' },
  description: { title: 'description', value: row => row.description },
  source: { title: 'source', value: row => row.source, jsonOnly: true },
  store: { title: 'store', value: row => row.store, jsonOnly: true },
  movedTo: { title: 'moved to', value: row => row.movedTo, jsonOnly: true },
  requires: { title: 'requires', value: row => row.requires, jsonOnly: true },
}

function statusText({ status, movedTo }: OfferingState): string {
  return movedTo === null ? status : `${status} to ${movedTo}`
}

/** Everything that `offering show` knows. */
export const offeringView: View<OfferingState> = {
  name: { title: 'name', value: row => row.name },
  description: { title: 'description', value: row => row.description },
  status: { title: 'status', value: row => row.status },
  version: { title: 'version', value: row => row.version },
  source: { title: 'source', value: row => row.source },
  store: { title: 'application store', value: row => row.store },
  movedTo: { title: 'moved to', value: row => row.movedTo },
  requires: { title: 'requires', value: row => row.requires },
  users: { title: 'users', value: row => row.users },
  powerups: {
    title: 'powerups',
    value: row => row.powerups?.map(({ name, description }) => ({ name, description })) ?? null,
    text: row => row.powerups?.map(({ name, description }) => `${name} (${description})`).join(', ') ?? '',
  },
}
