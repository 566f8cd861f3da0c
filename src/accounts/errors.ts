import type { Address } from '../base/address.js'
import { formatAddress } from '../base/address.js'
import { BusyError, ConflictError, DeniedError, IntegrityError, NotFoundError } from '../base/errors.js'
import { didYouMean } from '../base/nearest-names.js'
import type { Whereabouts } from './follow-tombstone.js'
import type { MovedTo } from './moved-to.js'

/** The name cannot be given to a new account; nothing was created. */
export abstract class AddressNotFreeError extends ConflictError {}

/** The address belongs to somebody already, perhaps in another letter case; nothing was created. */
export class AddressTakenError extends AddressNotFreeError {
  /** @param owner - what the account that has it is called. */
  constructor(address: Address, owner: string | null) {
    const text = formatAddress(address)
    super(
      owner === null || owner === text ? `${text} has an account already` : `${text} belongs to the account ${owner}`,
      {
        code: 'ADDRESS_TAKEN',
        hint: `look at it with: mantissa user ${owner ?? text}`,
        details: { address: text, owner },
      },
    )
  }
}

/** A deed or a move that is under way holds the address; nothing was created. */
export class AddressReservedError extends AddressNotFreeError {
  constructor(address: Address, holder: string) {
    const text = formatAddress(address)
    super(`${text} is being created or moved here just now`, {
      code: 'ADDRESS_RESERVED',
      hint: 'try again in a moment, or see: mantissa transfer list',
      details: { address: text, holder },
    })
  }
}

/** The address has moved to another site, and its name is kept; nothing was created. */
export class AddressMovedError extends AddressNotFreeError {
  constructor(address: Address, target: string | null) {
    const text = formatAddress(address)
    super(`${text} has moved to ${target ?? 'another site'}; its name is kept`, {
      code: 'ADDRESS_MOVED',
      hint: 'add --reuse-name to give the name to somebody new',
      details: { address: text, target },
    })
  }
}

/** No account has this address. */
export class NoSuchUserError extends NotFoundError {
  constructor(address: Address, similar: readonly string[] = []) {
    const text = formatAddress(address)
    super(`there is no account ${text}`, {
      code: 'NO_SUCH_USER',
      hint: didYouMean(similar) || 'list the accounts with: mantissa users',
      details: { address: text, similar },
    })
  }
}

/**
 * The account was here once and has moved. `details` holds what is known of the furthest place, and in `via` of the
 * places on the way there.
 */
export class UserMovedError extends NotFoundError {
  constructor(address: Address, whereabouts: Whereabouts) {
    const text = formatAddress(address)
    const { via, end } = whereabouts
    const { path, ...facts } = whereabouts.last
    super(`${text} has moved to ${inWords(whereabouts)}`, {
      code: 'MOVED',
      hint: path === null ? 'ask the site that it moved to' : `run the same command with --site ${path}`,
      details: { address: text, target: path, ...facts, end, via: via.map(place => ({ ...place })) },
    })
  }
}

function inWords({ via, last, end }: Whereabouts): string {
  const { publicUrl, siteId, transferId } = last
  const way = via.length > 0 ? `, by way of ${via.map(nameOfPlace).join(' and ')}` : ''
  const facts = [
    `since ${last.since.slice(0, 19)}Z`,
    ...(publicUrl === null ? [] : [publicUrl]),
    ...(siteId === null ? [] : [`site ${siteId}`]),
    ...(transferId === null ? [] : [`transfer ${transferId}`]),
    `epoch ${last.epoch}`,
  ]
  return `${nameOfPlace(last)}${way} (${facts.join(', ')})${ENDS[end]}`
}

function nameOfPlace({ path }: MovedTo): string {
  return path ?? 'another site'
}

const ENDS = {
  arrived: '',
  unreadable: '; that site cannot be read from here',
  lost: '; that site has no such account any more',
} as const satisfies Record<Whereabouts['end'], string>

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

/** The account is the application store of an offering, not a person's; it was not removed. */
export class ApplicationAccountError extends ConflictError {
  constructor(name: string) {
    super(`${name} is the application store of an offering`, {
      code: 'APPLICATION_ACCOUNT',
      hint: `what it belongs to: mantissa offering show ${name}`,
      details: { name },
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
  constructor(options: { readonly code: string } = { code: 'UNAUTHORIZED_LOGIN' }) {
    super('wrong address or password', { ...options, hint: 'check both and try again' })
  }
}

/** There is no such account, or it is disabled, has moved, or has no password. */
export class NoSuchUserLoginError extends UnauthorizedLoginError {
  constructor() {
    super({ code: 'LOGIN_NO_SUCH_USER' })
  }
}

/** The password is wrong. */
export class BadCredentialsError extends UnauthorizedLoginError {
  constructor() {
    super({ code: 'LOGIN_BAD_CREDENTIALS' })
  }
}

/** The name has no `@`, so it is nobody's address. */
export class MissingDomainPartError extends UnauthorizedLoginError {
  constructor() {
    super({ code: 'LOGIN_MISSING_DOMAIN' })
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
