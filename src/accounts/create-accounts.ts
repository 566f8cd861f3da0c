import type { Address } from '../base/address.js'
import type { MantissaError } from '../base/errors.js'
import type { Site } from '../site/site.js'
import { createLargeBatch } from './create-batch.js'
import { AddressTakenError } from './errors.js'
import type { CreationRules, NewAccount } from './new-account.js'
import { UserStoreWriter } from './user-store-writer.js'

/** A request as it comes from a list: where it stood, and either what to create or why it cannot be read. */
export interface AccountRequest<Place> {
  readonly place: Place
  readonly account: NewAccount | MantissaError
}

export interface RequestOutcome<Place> {
  readonly place: Place
  readonly status: 'created' | 'already' | 'failed'
  readonly address: Address | null
  readonly error: MantissaError | null
}

export interface ListRules extends CreationRules {
  readonly batch?: number
  /** Once aborted, the batch under way is ended and no further one begun. */
  readonly signal?: AbortSignal
}

/** Accounts per site transaction: some milliseconds of the site's lock. */
const BATCH = 100

/**
 * Creates accounts from a list of any length, holding one batch in memory. An address that has an account is
 * `already`, so the same list can be given again after an interruption; what cannot be created is `failed` and does
 * not stop the rest. Outcomes are yielded as batches end, in the order of the list.
 *
 * @throws what concerns the whole (disk full, site busy), after yielding all that was done before.
 */
export async function* createAccounts<Place>(
  site: Site,
  requests: Iterable<AccountRequest<Place>> | AsyncIterable<AccountRequest<Place>>,
  options: ListRules = {},
): AsyncGenerator<RequestOutcome<Place>> {
  const { batch = BATCH, signal, ...rules } = options
  const writer = new UserStoreWriter(site, rules.prepare)
  let waiting: AccountRequest<Place>[] = []
  for await (const request of requests) {
    waiting.push(request)
    if (waiting.length < batch) continue
    yield* await createWaiting(site, waiting, { ...rules, writer })
    waiting = []
    if (signal?.aborted) return
  }
  yield* await createWaiting(site, waiting, { ...rules, writer })
}

async function createWaiting<Place>(
  site: Site,
  requests: readonly AccountRequest<Place>[],
  options: CreationRules & { readonly writer: UserStoreWriter },
): Promise<readonly RequestOutcome<Place>[]> {
  const accounts = requests.map(request => request.account).filter(account => 'address' in account)
  const outcomes = accounts.length === 0 ? [] : await createLargeBatch(site, accounts, options)
  const next = outcomes[Symbol.iterator]()
  return requests.map(({ place, account }): RequestOutcome<Place> => {
    if (!('address' in account)) return { place, status: 'failed', address: null, error: account }
    const outcome = next.next().value
    if (outcome?.status === 'created') return { place, status: 'created', address: account.address, error: null }
    const error = outcome?.error ?? null
    const status = error instanceof AddressTakenError ? 'already' : 'failed'
    return { place, status, address: account.address, error }
  })
}
