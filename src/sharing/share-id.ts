import { randomBytes } from 'node:crypto'
import { InvalidShareIDError } from './share-errors.js'

const LONGEST = 200

/** An ID that nobody can guess. */
export function newShareID(): string {
  return randomBytes(16).toString('hex')
}

/**
 * Reads the ID of a share that is to be: one segment of a URL path, in any script. The result is NFC-normalised.
 * @throws InvalidShareIDError naming the first rule that is broken.
 */
export function parseShareID(typed: string): string {
  const shareID = typed.normalize('NFC')
  if (shareID === '') throw new InvalidShareIDError(typed, 'is empty')
  if (shareID === '.' || shareID === '..') throw new InvalidShareIDError(typed, 'means a directory in a URL')
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(shareID)) throw new InvalidShareIDError(typed, 'has a control character')
  if (/[/\\]/.test(shareID)) throw new InvalidShareIDError(typed, 'has a slash')
  if (Buffer.byteLength(shareID) > LONGEST) throw new InvalidShareIDError(typed, `has more than ${LONGEST} bytes`)
  return shareID
}
