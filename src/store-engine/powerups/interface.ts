import { InvalidInputError } from '../../base/errors.js'

/**
 * What a powerup is for, or what a share shows: a runtime value, since stores hold its dotted name. Two interfaces
 * with one name are the same interface; there is no inheritance between them (as in the original's look-up).
 */
export interface Interface {
  readonly name: string
  /** Names of the members that a share of this interface shows. */
  readonly members: readonly string[]
}

/** @throws InvalidInputError unless `name` is dotted, as `twisted.cred.portal.IRealm` is. */
export function defineInterface(name: string, members: readonly string[] = []): Interface {
  if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/.test(name)) throw new InvalidInputError(`not a dotted interface name: ${name}`)
  return Object.freeze({ name, members: Object.freeze([...members]) })
}
