import type { NewAccount } from '../../../accounts/new-account.js'
import { hashPassword, isPasswordHash } from '../../../accounts/password.js'
import { parseAddress } from '../../../base/address.js'
import { InvalidInputError, MantissaError } from '../../../base/errors.js'

/** What holds for every account of a list that says nothing else. */
export type ListDefaults = Pick<NewAccount, 'protocol' | 'internal' | 'disabled'>

/**
 * What a line of a list asks for, or why it cannot be read. A password is hashed; a hash that is given is taken as it
 * is; with neither, nobody can log in until a password is set.
 */
export async function requestOf(
  fields: Readonly<Record<string, unknown>>,
  defaults: ListDefaults,
): Promise<NewAccount | MantissaError> {
  try {
    const account = { ...defaults, ...readFlags(fields), address: parseAddress(textField(fields, 'address') ?? '') }
    return { ...account, passwordHash: await readPassword(fields) }
  } catch (error) {
    if (error instanceof MantissaError) return error
    throw error
  }
}

function readFlags(fields: Readonly<Record<string, unknown>>): Partial<NewAccount> {
  const protocol = textField(fields, 'protocol')
  const internal = flagField(fields, 'internal')
  const verified = flagField(fields, 'verified')
  const disabled = flagField(fields, 'disabled')
  return {
    ...(protocol === undefined ? {} : { protocol }),
    ...(internal === undefined ? {} : { internal }),
    ...(verified === undefined ? {} : { verified }),
    ...(disabled === undefined ? {} : { disabled }),
  }
}

async function readPassword(fields: Readonly<Record<string, unknown>>): Promise<string | null> {
  const password = textField(fields, 'password')
  const passwordHash = textField(fields, 'passwordHash')
  if (password !== undefined && passwordHash !== undefined) throw refuse('has a password and a passwordHash')
  if (password !== undefined) return await hashPassword(password)
  if (passwordHash === undefined) return null
  if (isPasswordHash(passwordHash)) return passwordHash
  throw refuse('has a passwordHash that is no argon2 PHC string')
}

function textField(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw refuse(`has a column ${name} that is no text`)
}

const YES = new Set(['1', 'true', 'yes'])
const NO = new Set(['0', 'false', 'no'])

function flagField(fields: Readonly<Record<string, unknown>>, name: string): boolean | undefined {
  const value = fields[name]
  if (value === undefined || value === null || typeof value === 'boolean') return value ?? undefined
  const text = String(value).toLowerCase()
  if (YES.has(text)) return true
  if (NO.has(text)) return false
  throw refuse(`has a column ${name} that is neither yes nor no`)
}

/** Never repeats a value: it may be a password in the wrong column. */
function refuse(fault: string): InvalidInputError {
  return new InvalidInputError(`the line ${fault}`, {
    code: 'ACCOUNT_LIST',
    hint: 'correct the line and give the list again',
  })
}
