import { ConflictError, IntegrityError, InvalidInputError, NotFoundError } from '../base/errors.js'
import { didYouMean } from '../base/nearest-names.js'

/** Nothing is shared with the asker under that ID; whether it is with somebody else is not told. */
export class NoSuchShareError extends NotFoundError {
  constructor(shareID: string, similar: readonly string[] = []) {
    super(`there is no share ${JSON.stringify(shareID)}`, {
      code: 'NO_SUCH_SHARE',
      hint: didYouMean(similar),
      details: { shareID },
    })
  }
}

/** What cannot be the ID of a share; nothing was shared. */
export class InvalidShareIDError extends InvalidInputError {
  constructor(shareID: string, fault: string) {
    const shown = JSON.stringify(shareID.length > 80 ? `${shareID.slice(0, 80)}…` : shareID)
    super(`the share ID ${shown} ${fault}`, {
      code: 'INVALID_SHARE_ID',
      hint: 'it is one segment of a URL: any text without slashes, of at most 200 bytes',
    })
  }
}

/** The ID denotes another item of the store already; nothing was shared. */
export class ShareIDTakenError extends ConflictError {
  constructor(shareID: string, storeID: number) {
    super(`the share ID ${JSON.stringify(shareID)} denotes item ${storeID} already`, {
      code: 'SHARE_ID_TAKEN',
      hint: 'choose another ID, or leave it out for a random one',
      details: { shareID, storeID },
    })
  }
}

/** Two interfaces that would be shown under one ID have a member of one name; nothing was shared. */
export class ConflictingNamesError extends ConflictError {
  constructor(member: string, faces: readonly [string, string]) {
    super(`${faces.join(' and ')} both have a member ${member}`, {
      code: 'CONFLICTING_NAMES',
      hint: 'share them under two IDs, or an interface that has what is meant',
      details: { member, interfaces: [...faces] },
    })
  }
}

/** The item has nothing to answer with for the interface, or the interface shows what is nobody's; nothing was shared. */
export class NotShareableError extends InvalidInputError {
  constructor(face: string, why: string) {
    super(`${face} cannot be shared: ${why}`, {
      code: 'NOT_SHAREABLE',
      hint: 'name an interface that the item offers, with its members',
      details: { interface: face },
    })
  }
}

/** A shared member gave an item or a store, by which more could be reached than was shared; it was not handed out. */
export class FacetLeakError extends IntegrityError {
  constructor(member: string) {
    super(`the shared member ${member} gives an item or a store itself`, {
      code: 'FACET_LEAK',
      hint: 'let it give plain data: what the viewer is meant to see of the item',
      details: { member },
    })
  }
}

/** The store knows no role by that name; nothing was changed. */
export class NoSuchRoleError extends NotFoundError {
  constructor(name: string, similar: readonly string[] = []) {
    super(`there is no role ${JSON.stringify(name)}`, {
      code: 'NO_SUCH_ROLE',
      hint: didYouMean(similar) || 'mantissa role list shows the roles of a store',
      details: { role: name },
    })
  }
}

/** What cannot be the name of a role; nothing was made. */
export class InvalidRoleError extends InvalidInputError {
  constructor(name: string, fault: string) {
    super(`the role ${JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name)} ${fault}`, {
      code: 'INVALID_ROLE',
      hint: 'a role is everyone, authenticated, an address, or a name without "@" for a group',
    })
  }
}

/** The store is not that of somebody with an address that its site maintains; nothing was named. */
export class NoPublicNameError extends NotFoundError {
  constructor(store: string) {
    super(`${store} has no internal address to name its shares by`, {
      code: 'NO_PUBLIC_NAME',
      hint: 'mantissa login-method add <account> <address> --internal gives its account one',
    })
  }
}
