import { type Address, parseExistingAddress } from '../../../base/address.js'
import { InvalidInputError } from '../../../base/errors.js'
import type { UserSelection } from '../../../transfer/batch/select-users.js'
import type { CommandContext } from '../../command-context.js'
import { openList } from '../../open-list.js'

export interface ChoiceOptions {
  /** Addresses and patterns. */
  readonly addresses: readonly string[]
  readonly from?: string
  readonly all?: boolean
}

/** Whom the command line means: one user who was named, or a selection. */
export type ChosenUsers =
  | { readonly only: Address }
  | { readonly selection: UserSelection /** Nobody was named. */; readonly isBulk: boolean }

/**
 * Reads everything that names users, lists to their end, before anything is done.
 *
 * @throws InvalidInputError where not exactly one way of naming them was chosen, or what it says cannot be meant.
 */
export async function chosenUsers(options: ChoiceOptions, context: CommandContext): Promise<ChosenUsers> {
  const ways = [options.addresses.length > 0, options.from !== undefined, options.all === true]
  if (ways.filter(Boolean).length !== 1) {
    throw new InvalidInputError(`${context.verb} needs either addresses, or --from, or --all`, {
      code: 'USAGE',
      hint: 'give one of them',
    })
  }
  if (options.all) return { selection: { all: true }, isBulk: true }
  if (options.from === undefined) return await typedUsers(options.addresses)
  const { readUserList } = await import('./user-list.js')
  const name = options.from === '-' ? 'standard input' : options.from
  const addresses = await readUserList(openList(options.from, context, { code: 'USER_LIST_MISSING' }), name)
  return { selection: { addresses }, isBulk: false }
}

async function typedUsers(typed: readonly string[]): Promise<ChosenUsers> {
  const { isGlob, parseGlob } = await import('../../../transfer/batch/address-glob.js')
  const globs = typed.filter(isGlob).map(parseGlob)
  const addresses = typed.filter(text => !isGlob(text)).map(parseExistingAddress)
  const [only, ...others] = addresses
  if (only !== undefined && others.length + globs.length === 0) return { only }
  return { selection: { addresses, globs }, isBulk: globs.length > 0 }
}
