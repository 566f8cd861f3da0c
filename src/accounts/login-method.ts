import { type Address, formatAddress } from '../base/address.js'
import { boolean, text } from '../store-engine/attributes/attributes.js'
import { reference } from '../store-engine/attributes/reference.js'
import { item } from '../store-engine/items/item.js'
import { registerItemTypes } from '../store-engine/items/registry.js'
import { LoginAccount } from './login-account.js'

/** The protocol of a method that serves every protocol. */
export const ANY_PROTOCOL = '*'

/** One address of an account. It is the same, row for row, in the site's store and in the user's. */
export class LoginMethod extends item({
  typeName: 'login_method',
  version: 2,
  module: 'axiom.userbase',
  attributes: {
    localpart: text({ indexed: true, allowNull: false, doc: 'The part before the "@".' }),
    domain: text({ indexed: true, doc: 'The part after the "@"; null for the account of an application store.' }),
    internal: boolean({ allowNull: false, doc: 'Whether this site maintains the address, not somebody else.' }),
    protocol: text({ indexed: true, allowNull: false, doc: 'What the address is for; "*" is anything.' }),
    account: reference(() => LoginAccount, { allowNull: false, doc: 'Whose address it is.' }),
    verified: boolean({ indexed: true, allowNull: false, doc: 'Whether the user has shown to own the address.' }),
  },
}) {
  /** localpart@domain, or the bare localpart where the domain is null. */
  get address(): string {
    return formatAddress(this as Address)
  }
}

registerItemTypes(LoginMethod)
