/**
 * Password hashes: argon2, in the PHC strings that the original writes and reads.
 *
 * A hash says itself how it was made, so verification takes its parameters from the string. New hashes have exactly
 * the original's: argon2id, 100 MiB, two passes, eight lanes. That is a fifth of a second and 100 MiB per login, so at
 * most two run at once; the rest wait in line, and the line is bounded, since a flood of logins must not become a
 * flood of memory. For the same reason a hash that asks for much more than the original's is not computed: it may have
 * come with a store from a stranger, and one that takes an hour would keep everybody else out.
 */
import { hash, verify } from '@node-rs/argon2'
import { InvalidInputError } from '../base/errors.js'
import { LoginQueueFullError } from './errors.js'

/** Exactly those of the original. Algorithm 2 is argon2id. */
export const HASH_PARAMETERS = { algorithm: 2, memoryCost: 102_400, timeCost: 2, parallelism: 8, outputLen: 16 }

/** A hash of nothing that anybody knows; verifying against it costs what any verification costs. */
const DUMMY_HASH = '$argon2id$v=19$m=102400,t=2,p=8$MVoA1vpU3QT43TyVmlpU5g$3eTIkd7JVWubBCrm/TGqhQ'

const USUAL_WORK = workOf(HASH_PARAMETERS)
/**
 * What a hash may ask for: a quarter of a GiB of memory, in KiB, and together four times the work of the original's. Whose
 * it is may know its password, and log in again and again; nobody else gets in meanwhile.
 */
const MOST_MEMORY = 256 * 1024
const MOST_WORK = 4 * USUAL_WORK

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
 * Whether `password` is the one that `passwordHash` was made of. A hash that cannot be read, or that asks for too much,
 * matches nothing and costs as much as one that can; so does null. A wrong password costs no less than usual where the
 * hash is a cheap one.
 *
 * @throws LoginQueueFullError when too many are waiting already.
 */
export function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  return inTurn(async () => {
    const cost = passwordHash === null ? undefined : costOf(passwordHash)
    if (passwordHash !== null && cost !== undefined) {
      const answer = await verify(passwordHash, password).catch(() => undefined)
      if (answer === true || (answer === false && workOf(cost) >= USUAL_WORK / 2)) return answer
    }
    await verify(DUMMY_HASH, password)
    return false
  })
}

/** Whether a text has the form of an argon2 hash that this program will verify. */
export function isPasswordHash(text: string): boolean {
  return costOf(text) !== undefined
}

interface Cost {
  /** KiB. */
  readonly memoryCost: number
  readonly timeCost: number
}

const PHC = /^\$argon2(?:id|i|d)\$(?:v=\d+\$)?m=(\d+),t=(\d+),p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/

/** What a hash asks for; undefined for one that is none, or asks for too much. */
function costOf(text: string): Cost | undefined {
  const [, memory, time] = PHC.exec(text) ?? []
  if (memory === undefined || time === undefined) return undefined
  const cost = { memoryCost: Number(memory), timeCost: Number(time) }
  return cost.memoryCost <= MOST_MEMORY && workOf(cost) <= MOST_WORK ? cost : undefined
}

function workOf({ memoryCost, timeCost }: Cost): number {
  return memoryCost * timeCost
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
