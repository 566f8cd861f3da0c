/**
 * Reading a list of users to move: one address a line, exactly as it is stored; `#` begins a line that is a remark, and
 * empty lines mean nothing. Patterns are none here, so an address that looks like one can be named.
 */
import type { Readable } from 'node:stream'
import { type Address, parseExistingAddress } from '../../../base/address.js'
import { InvalidInputError, MantissaError } from '../../../base/errors.js'

interface Fault {
  readonly line: number
  readonly message: string
}

/** In the details of the error; the message counts the rest. */
const FAULTS_TOLD = 100

/**
 * The whole list.
 *
 * @param name - how messages call it.
 * @throws InvalidInputError (`USER_LIST`) naming the first line that cannot be meant, the others in its details.
 */
export async function readUserList(input: Readable, name: string): Promise<readonly Address[]> {
  const { createInterface } = await import('node:readline')
  const addresses: Address[] = []
  const faults: Fault[] = []
  let line = 0
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    const typed = text.replace(/^\ufeff/, '').trim()
    if (typed === '' || typed.startsWith('#')) continue
    const read = readAddress(typed)
    if (typeof read === 'string') faults.push({ line, message: read })
    else addresses.push(read)
  }
  if (input.errored) throw input.errored
  if (faults.length > 0) throw faulty(faults, name)
  return addresses
}

/** The address, or what is wrong with it. */
function readAddress(typed: string): Address | string {
  if (typed.includes('\ufffd')) return 'it is not UTF-8'
  if (/\p{Cc}/u.test(typed)) return 'it holds a control character'
  try {
    return parseExistingAddress(typed)
  } catch (error) {
    if (error instanceof MantissaError) return error.message
    throw error
  }
}

function faulty(faults: readonly Fault[], name: string): InvalidInputError {
  const [first] = faults
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''
  return new InvalidInputError(`line ${first?.line} of ${name} is no address: ${first?.message}${more}`, {
    code: 'USER_LIST',
    hint: 'write one address a line; nobody was moved',
    details: { lines: faults.slice(0, FAULTS_TOLD).map(fault => ({ ...fault })), faults: faults.length },
  })
}
