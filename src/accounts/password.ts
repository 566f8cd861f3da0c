/**
 * Password hashes: argon2, in the PHC strings that the original writes and reads.
 *
 * A hash says itself how it was made, so verification takes its parameters from the string. New hashes have exactly
 * the original's: argon2id, 100 MiB, two passes, eight lanes. That is a fifth of a second and 100 MiB per login, so at
 * most two run at once; the rest wait in line, and the line is bounded, since a flood of logins must not become a
 * flood of memory.
 */
import { hash, verify } from '@node-rs/argon2'
import { InvalidInputError } from '../base/errors.js'
import { LoginQueueFullError } from './errors.js'

/** Exactly those of the original. Algorithm 2 is argon2id. */
export const HASH_PARAMETERS = { algorithm: 2, memoryCost: 102_400, timeCost: 2, parallelism: 8, outputLen: 16 }

/** A hash of nothing that anybody knows; verifying against it costs what any verification costs. */
const DUMMY_HASH = '$argon2id$v=19$m=102400,t=2,p=8$MVoA1vpU3QT43TyVmlpU5g$3eTIkd7JVWubBCrm/TGqhQ'

const AT_ONCE = 2
const LONGEST_LINE = 100

let running = 0
const line: (() => void)[] = []

/** A new hash with the original's parameters. @throws InvalidInputError for an empty password. */
export async function hashPassword(password: string): Promise<string> {
  if (password === '') {
    throw new InvalidInputError('the password is empty', { code: 'EMPTY_PASSWORD', hint: 'use at least one character' })
  }
  return inTurn(() => hash(password, HASH_PARAMETERS), { bounded: false })
}

/**
 * Whether `password` is the one that `passwordHash` was made of. A hash that cannot be read matches nothing and costs
 * as much as one that can; so does null.
 *
 * @throws LoginQueueFullError when too many are waiting already.
 */
export function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  return inTurn(async () => {
    if (passwordHash !== null) {
      const answer = await verify(passwordHash, password).catch(() => undefined)
      if (answer !== undefined) return answer
    }
    await verify(DUMMY_HASH, password)
    return false
  })
}

/** Whether a text has the form of an argon2 hash that this program can verify. */
export function isPasswordHash(text: string): boolean {
  return /^\$argon2(id|i|d)\$(v=\d+\$)?m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/.test(text)
}

async function inTurn<T>(work: () => Promise<T>, { bounded = true } = {}): Promise<T> {
  if (running >= AT_ONCE) {
    if (bounded && line.length >= LONGEST_LINE) throw new LoginQueueFullError(line.length)
    await new Promise<void>(resolve => line.push(resolve))
  } else running += 1
  try {
    return await work()
  } finally {
    const next = line.shift()
    if (next === undefined) running -= 1
    else next()
  }
}
