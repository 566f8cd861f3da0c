import { NotFoundError } from '../base/errors.js'
import type { Store } from '../store-engine/store.js'

/** A user's store is no site; nothing was changed. */
export class NotASiteError extends NotFoundError {
  constructor(directory: string) {
    super(`${directory} is the store of one user, not a site`, {
      code: 'NOT_A_SITE',
      hint: 'name the directory of the site that the user belongs to',
      details: { directory },
    })
  }
}

/** @throws NotASiteError */
export function assertNoUserStore(store: Store): void {
  if (isUserStore(store)) throw new NotASiteError(store.directory ?? '')
}

/** A store whose account points at the store itself is a user's, or an application's, own. */
export function isUserStore(store: Store): boolean {
  const accounts = store.typesOnDisk().filter(({ typeName }) => typeName === 'login')
  return accounts.some(({ table }) => store.sql.get(`SELECT 1 FROM ${table} WHERE avatars = -1`) !== undefined)
}
