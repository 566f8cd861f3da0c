import { LoginAccount } from '../../../accounts/login-account.js'
import type { Repair } from './repair-kind.js'

export const removeEndowments: Repair = (site, { subject }) =>
  site.store.transact(() => {
    const accountId = Number(subject?.['accountId'])
    if (site.store.typeNameOf(accountId) === LoginAccount.itemType.typeName) return 'gone'
    const { changes } = site.store.sql.run('DELETE FROM mantissa_endowment WHERE account_id = ?', accountId)
    return changes > 0 ? 'done' : 'gone'
  })
