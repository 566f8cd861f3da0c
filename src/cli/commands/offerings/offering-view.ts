import type { OfferingState } from '../../../offerings/list-offerings.js'
import type { View } from '../../view.js'

/** One line of `offering list`. */
export const offeringListView: View<OfferingState> = {
  name: { title: 'NAME', value: row => row.name },
  status: { title: 'STATUS', value: row => row.status },
  version: { title: 'VERSION', value: row => row.version },
  users: { title: 'USERS', value: row => row.users, align: 'right' },
  description: { title: 'DESCRIPTION', value: row => row.description },
  source: { title: 'SOURCE', value: row => row.source, jsonOnly: true },
  store: { title: 'STORE', value: row => row.store, jsonOnly: true },
}

/** Everything that `offering show` knows. */
export const offeringView: View<OfferingState> = {
  name: { title: 'Name', value: row => row.name },
  description: { title: 'Description', value: row => row.description },
  status: { title: 'Status', value: row => row.status },
  version: { title: 'Version', value: row => row.version },
  source: { title: 'Source', value: row => row.source },
  store: { title: 'Application store', value: row => row.store },
  users: { title: 'Users', value: row => row.users },
  powerups: {
    title: 'Powerups',
    value: row => row.powerups?.map(({ name, description }) => ({ name, description })) ?? null,
    text: row => row.powerups?.map(({ name, description }) => `${name} (${description})`).join(', ') ?? '',
  },
}
