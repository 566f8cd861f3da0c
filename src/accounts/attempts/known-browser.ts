import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { parseExistingAddress } from '../../base/address.js'
import type { Site } from '../../site/site.js'
import { findAccountByAddress } from '../find-account.js'
import type { LoginAccount } from '../login-account.js'

/**
 * What a browser keeps in which somebody has logged in: `<number>.<proof>`. Only who knows the account's password hash
 * can make one, so nothing of it is stored, and a new password makes it worthless. It lets nobody in; it says that this
 * browser is not one of those that guess.
 */
export function browserMark(account: LoginAccount): string {
  const number = randomBytes(12).toString('base64url')
  return `${number}.${proofOf(account, number)}`
}

/** The number of a browser whose mark was made for the account of that name; undefined for any other. */
export function recogniseBrowser(site: Site, name: string, mark: string | undefined): string | undefined {
  const [, number, proof] = /^([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{43})$/.exec(mark ?? '') ?? []
  if (number === undefined || proof === undefined || name.includes('\0') || !name.isWellFormed() || name === '')
    return undefined
  // Somebody without a password costs as much time as somebody else's mark.
  const account = findAccountByAddress(site, parseExistingAddress(name)) ?? NOBODY
  const isRight = timingSafeEqual(Buffer.from(proof ?? ''), Buffer.from(proofOf(account, number)))
  return isRight && account.passwordHash !== null ? number : undefined
}

const NOBODY = { storeID: 0, passwordHash: null } as const

function proofOf({ storeID, passwordHash }: Pick<LoginAccount, 'storeID' | 'passwordHash'>, number: string): string {
  return createHmac('sha256', passwordHash ?? '')
    .update(`browser ${storeID} ${number}`)
    .digest('base64url')
}
