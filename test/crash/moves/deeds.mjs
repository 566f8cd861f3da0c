/** What an administrator does to a site while a user moves; told before it is tried and when it is done. */
import { createAccount } from '../../../dist/accounts/create-account.js'
import { getAccountByAddress } from '../../../dist/accounts/find-account.js'
import { addLoginMethod } from '../../../dist/accounts/login-methods.js'
import { setDisabled } from '../../../dist/accounts/set-disabled.js'
import { setPasswordHash } from '../../../dist/accounts/set-password.js'
import { parseExistingAddress } from '../../../dist/base/address.js'
import { MantissaError } from '../../../dist/base/errors.js'
import { tell } from './orders.mjs'

const DEEDS = {
  password: (site, account, value) => setPasswordHash(site, account, value),
  disable: (site, account, value) => setDisabled(site, account, value),
  method: (_, account, value) =>
    addLoginMethod(account, { ...parseExistingAddress(value), protocol: '*', internal: false, verified: false }),
  create: (site, _, value) => createAccount(site, { address: parseExistingAddress(value), passwordHash: null }),
}

/** A deed that the program refuses has changed nothing, which the checker holds it to. */
export function doDeed(site, { deed, name, value }) {
  tell({ trying: { deed, value } })
  try {
    const account = deed === 'create' ? undefined : getAccountByAddress(site, parseExistingAddress(name))
    DEEDS[deed](site, account, value)
    tell({ did: { deed, value } })
  } catch (error) {
    if (!(error instanceof MantissaError)) throw error
    // The site says so already, and that counts; the user's store could not be written just then.
    const isInForce = error.code === 'USER_STORE_BEHIND'
    tell({ [isInForce ? 'did' : 'refused']: { deed, value } })
  }
}
