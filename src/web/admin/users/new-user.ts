import type { FastifyInstance } from 'fastify'
import { assertNamesFree } from '../../../accounts/address-free.js'
import { createAccount } from '../../../accounts/create-account.js'
import { hashPassword } from '../../../accounts/password.js'
import { assertFitPassword, generatePassword } from '../../../accounts/password-text.js'
import { type Address, formatAddress, parseAddress } from '../../../base/address.js'
import { ConflictError, InvalidInputError } from '../../../base/errors.js'
import { html } from '../../../base/html.js'
import { administer } from '../administer.js'
import { button, fieldOf, selectOf } from '../form-parts.js'
import { type AdminPage, actAt, showAt, type Visit } from '../visit.js'

const KINDS = [
  { value: 'generated', label: 'Generate one and show it once' },
  { value: 'given', label: 'The one below' },
  { value: 'none', label: 'None: nobody can log in until one is set' },
] as const

interface Mistakes {
  readonly address?: string
  readonly password?: string
}

/** Making an account and the store behind it. */
export function registerNewUser(scope: FastifyInstance): void {
  showAt(scope, { path: '/users/new', rights: ['users'] }, visit => formPage(visit, {}))
  actAt(scope, { path: '/users/new', rights: ['users'] }, async visit => {
    const address = attempt(() => parseAddress(visit.fields.text('address').trim()))
    const password = attempt(() => chosenPassword(visit))
    if (address.value === undefined || password.error !== undefined)
      return formPage(visit, { ...mistake('address', address.error), ...mistake('password', password.error) })
    const taken = attempt(() => assertNamesFree(visit.site, [address.value as Address]))
    if (taken.error !== undefined) return formPage(visit, { address: taken.error })
    return await create(visit, address.value, password.value ?? null)
  })
}

async function create(
  visit: Visit,
  address: Address,
  password: string | null,
): Promise<AdminPage | { goTo: string; notice: string }> {
  const passwordHash = password === null ? null : await hashPassword(password)
  const name = formatAddress(address)
  const act = { verb: 'useradd', args: { address: name, password: visit.fields.text('kind') } }
  const account = await administer(visit, act, () => createAccount(visit.site, { address, passwordHash }))
  const page = `/admin/users/${account.storeID}`
  if (visit.fields.text('kind') !== 'generated') return { goTo: page, notice: `${name} is created.` }
  const body = html`<p>The password is shown once, here. Nobody can look it up later.</p>
<p class="card"><code>${password}</code></p><p><a href="${page}">Go on to ${name}</a></p>`
  return { title: `${name} is created`, body }
}

function formPage(visit: Visit, mistakes: Mistakes): AdminPage {
  const { fields } = visit
  const isWrong = Object.keys(mistakes).length > 0
  const form = html`
${fieldOf({ name: 'address', label: 'Address', value: fields.text('address'), hint: 'localpart@domain', error: mistakes.address, isRequired: true })}
${selectOf('kind', 'Password', KINDS, fields.text('kind'))}
${fieldOf({ name: 'password', label: 'The password', type: 'password', autocomplete: 'new-password', error: mistakes.password })}
${button('Create the user')}`
  return { title: 'Create a user', status: isWrong ? 400 : 200, body: visit.form('/admin/users/new', form) }
}

/** Undefined where there is to be none. */
function chosenPassword({ fields }: Visit): string | undefined {
  const kind = fields.text('kind')
  if (kind === 'none') return undefined
  if (kind === 'generated') return generatePassword()
  if (kind !== 'given') throw new InvalidInputError('choose where the password comes from')
  assertFitPassword(fields.text('password'))
  return fields.text('password')
}

/** What a check of a field comes to: its value, or what is wrong with it in a sentence. */
function attempt<T>(check: () => T): { readonly value?: T; readonly error?: string } {
  try {
    return { value: check() }
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof ConflictError) return { error: error.message }
    throw error
  }
}

function mistake(name: keyof Mistakes, error: string | undefined): Mistakes {
  return error === undefined ? {} : { [name]: error }
}
