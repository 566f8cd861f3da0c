import type { Address } from '../base/address.js'
import { formatAddress } from '../base/address.js'
import { BusyError, ConflictError, DeniedError, IntegrityError, NotFoundError } from '../base/errors.js'

/** Why a name cannot be given to a new account. */
export type TakenBy = 'account' | 'reservation' | 'tombstone'

/** The address belongs to somebody already, perhaps in another letter case; nothing was created. */
export class AddressTakenError extends ConflictError {
  constructor(address: Address, takenBy: TakenBy, details: { readonly owner?: string; readonly target?: string } = {}) {
    const text = formatAddress(address)
    super(`${text} ${reasonOf(takenBy, text, details)}`, {
      code: takenBy === 'tombstone' ? 'ADDRESS_MOVED' : 'ADDRESS_TAKEN',
      hint: hintOf(takenBy, details.owner ?? text),
      details: { address: text, takenBy, ...details },
    })
  }
}

function reasonOf(takenBy: TakenBy, address: string, details: { readonly owner?: string; readonly target?: string }) {
  if (takenBy === 'reservation') return 'is being created or moved here just now'
  if (takenBy === 'tombstone') return `has moved to ${details.target ?? 'another site'}; its name is kept`
  return details.owner === undefined || details.owner === address
    ? 'has an account already'
    : `belongs to the account ${details.owner}`
}

function hintOf(takenBy: TakenBy, owner: string): string {
  if (takenBy === 'reservation') return 'try again in a moment, or see: mantissa transfer list'
  if (takenBy === 'tombstone') return 'add --reuse-name to give the name to somebody new'
  return `look at it with: mantissa user ${owner}`
}

/** No account has this address. */
export class NoSuchUserError extends NotFoundError {
  constructor(address: Address, similar: readonly string[] = []) {
    const text = formatAddress(address)
    super(`there is no account ${text}`, {
      code: 'NO_SUCH_USER',
      hint:
        similar[0] === undefined ? 'list the accounts with: mantissa users' : `did you mean ${similar.join(' or ')}?`,
      details: { address: text, similar },
    })
  }
}

/** The account was here once and has moved. */
export class UserMovedError extends NotFoundError {
  constructor(address: Address, target: string | null, publicUrl: string | null) {
    const text = formatAddress(address)
    super(`${text} has moved to ${target ?? 'another site'}`, {
      code: 'MOVED',
      hint: target === null ? 'ask the site that it moved to' : `run the same command with --site ${target}`,
      details: { address: text, target, publicUrl },
    })
  }
}

/** The store has no login system, so it has no accounts; none was created. */
export class NoLoginSystemError extends NotFoundError {
  constructor(directory: string | null) {
    super(`${directory} has no login system`, {
      code: 'NO_LOGIN_SYSTEM',
      hint: 'install one with: mantissa userbase install',
      details: { directory },
    })
  }
}

/** The store holds an account already; neither store was changed. */
export class StoreHasAccountError extends ConflictError {
  constructor(directory: string | null) {
    super(`${directory} holds an account already`, {
      code: 'STORE_HAS_ACCOUNT',
      hint: 'insert it with its own account: mantissa import-user',
      details: { directory },
    })
  }
}

/** A user's store has no account, or more than one; it was not changed. */
export class NoAccountInStoreError extends IntegrityError {
  constructor(directory: string | null, count: number) {
    super(`${directory} holds ${count === 0 ? 'no account' : `${count} accounts`} where exactly one should be`, {
      code: 'NO_ACCOUNT_IN_STORE',
      hint: 'only the store of a user can be used here',
      details: { directory, count },
    })
  }
}

/** Nobody was let in. The subclasses are for logs and tests: whoever answers a stranger says this much and no more. */
export class UnauthorizedLoginError extends DeniedError {
  constructor(code = 'UNAUTHORIZED_LOGIN') {
    super('wrong address or password', { code, hint: 'check both and try again' })
  }
}

/** There is no such account, or it is disabled, has moved, or has no password. */
export class NoSuchUserLoginError extends UnauthorizedLoginError {
  constructor() {
    super('LOGIN_NO_SUCH_USER')
  }
}

/** The password is wrong. */
export class BadCredentialsError extends UnauthorizedLoginError {
  constructor() {
    super('LOGIN_BAD_CREDENTIALS')
  }
}

/** The name has no `@`, so it is nobody's address. */
export class MissingDomainPartError extends UnauthorizedLoginError {
  constructor() {
    super('LOGIN_MISSING_DOMAIN')
  }
}

/** Too many logins wait for their turn; the password was not looked at. */
export class LoginQueueFullError extends BusyError {
  constructor(waiting: number) {
    super(`${waiting} logins are waiting already`, {
      code: 'LOGIN_QUEUE_FULL',
      hint: 'try again in a few seconds',
      details: { waiting },
    })
  }
}
