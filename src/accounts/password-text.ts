import { randomInt } from 'node:crypto'
import { InvalidInputError } from '../base/errors.js'

/** Letters and digits that cannot be taken for one another; 20 of them hold some 115 bits. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const GENERATED_LENGTH = 20
/** In bytes. */
const LONGEST = 1024

/** A password that nobody can guess and everybody can type; it is shown once, and only its hash is kept. */
export function generatePassword(): string {
  return Array.from({ length: GENERATED_LENGTH }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('')
}

/** @throws InvalidInputError for what nobody could type, or nobody meant: nothing, or the wrong file. */
export function assertFitPassword(text: string): void {
  const hint = 'type one, or have one generated: --generate'
  if (text === '') throw new InvalidInputError('the password is empty', { hint })
  if (Buffer.byteLength(text) > LONGEST)
    throw new InvalidInputError(`the password has more than ${LONGEST} bytes`, { hint })
  if (/\p{Cc}/u.test(text)) throw new InvalidInputError('the password holds a control character', { hint })
}
