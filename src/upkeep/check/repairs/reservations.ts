import { WITHOUT_HOLDER } from '../journal-faults.js'
import type { Repair } from './repair-kind.js'

/** All that nobody holds: holders are written in the transaction that reserves. */
export const giveReservationsBack: Repair = site =>
  site.store.transact(() => {
    const { changes } = site.store.sql.run(`DELETE FROM mantissa_reservation WHERE ${WITHOUT_HOLDER}`)
    return changes > 0 ? 'done' : 'gone'
  })
