import type { Address } from '../base/address.js'
import type { Store } from '../store-engine/store.js'
import type { AccountRecord, MethodRecord } from './account-record.js'

/** What somebody asks for who wants an account. */
export interface NewAccount {
  readonly address: Address
  /** PHC string, or null for an account that nobody can log in to with a password. */
  readonly passwordHash: string | null
  /** Default `email`. */
  readonly protocol?: string
  /** Whether this site maintains the address. Default true. */
  readonly internal?: boolean
  /** Default true. */
  readonly verified?: boolean
  readonly disabled?: boolean
  /** Addresses beside the first one. */
  readonly furtherMethods?: readonly MethodRecord[]
}

export interface CreationRules {
  /** Names that moved to another site may be given to somebody new. */
  readonly reuseNames?: boolean
  /** Puts more into the new user store, in the same image as its account. */
  readonly prepare?: (userStore: Store) => void
}

/** The account as the records of both stores will have it. */
export function recordOfNew(account: NewAccount): AccountRecord {
  const { protocol = 'email', internal = true, verified = true, disabled = false } = account
  const { localpart, domain } = account.address
  const first = { localpart, domain, protocol, internal, verified }
  return { passwordHash: account.passwordHash, disabled, methods: [first, ...(account.furtherMethods ?? [])] }
}
