import { expect, it } from 'vitest'
import { BusyError, ConflictError, MantissaError } from '../../src/base/errors.js'

class NameTakenError extends ConflictError {
  constructor(name: string) {
    super(`${name} exists`, { code: 'NAME_TAKEN', hint: 'choose another name', details: { name } })
  }
}

it('gives every family a code of its own', () => {
  expect(new BusyError('the site is locked')).toMatchObject({ code: 'BUSY', hint: '', details: {}, name: 'BusyError' })
})

it('lets a domain name its own code, hint and details', () => {
  const error = new NameTakenError('alice@example.com')
  expect(error).toBeInstanceOf(MantissaError)
  expect(error).toMatchObject({
    code: 'NAME_TAKEN',
    hint: 'choose another name',
    details: { name: 'alice@example.com' },
  })
})

it('keeps the cause', () => {
  const cause = new Error('EIO')
  expect(new BusyError('no', { cause }).cause).toBe(cause)
})
