import type { Address } from '../../../base/address.js'
import type { PasswordFlags } from '../../new-password.js'

export interface UseraddFlags extends PasswordFlags {
  readonly from?: string
  readonly format?: string
  readonly passwordless?: boolean
  readonly external?: boolean
  readonly disabled?: boolean
  readonly protocol?: string
  readonly reuseName?: boolean
}

export interface UseraddOptions extends UseraddFlags {
  readonly address?: Address
}

/** What the flags say about a new account. */
export function flagsOf(options: UseraddOptions) {
  const { external, disabled, protocol = 'email' } = options
  return { internal: external !== true, disabled: disabled === true, protocol }
}
