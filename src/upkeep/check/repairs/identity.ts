import { giveNewIdentity } from '../../../site/identity.js'
import type { Repair } from './repair-kind.js'

export const makeIdentity: Repair = site => site.store.transact(() => (giveNewIdentity(site) ? 'done' : 'gone'))
