import { integer, text } from '../store-engine/attributes/attributes.js'
import { reference } from '../store-engine/attributes/reference.js'
import { item } from '../store-engine/items/item.js'
import { registerItemTypes } from '../store-engine/items/registry.js'
import { adapt, CONFORM } from '../store-engine/powerups/adapt.js'
import type { Interface } from '../store-engine/powerups/interface.js'

/**
 * One account. In the site's store `avatars` is the SubStore of the user; in the user's own store it is that store.
 *
 * `password` held plain text in the past. It exists because the format has it, and is null in every account that this
 * program writes or upgrades.
 */
export class LoginAccount extends item({
  typeName: 'login',
  version: 3,
  module: 'axiom.userbase',
  attributes: {
    passwordHash: text({ doc: 'PHC string; null for an account that cannot log in with a password.' }),
    password: text({ doc: 'Deprecated, always null.' }),
    disabled: integer({ doc: '0 for an account that may be used.' }),
    avatars: reference({ doc: 'Whatever stands for the user: a SubStore, or the store itself.' }),
  },
}) {
  /** As the original has it: only the number 0 is usable. */
  get isDisabled(): boolean {
    return this.disabled !== 0
  }

  /** An account answers with what its user's store answers with; that store is opened and stays open. */
  [CONFORM]<T>(face: Interface<T>): T | undefined {
    const { avatars } = this
    return avatars === null ? undefined : adapt(avatars, face)
  }
}

registerItemTypes(LoginAccount)
