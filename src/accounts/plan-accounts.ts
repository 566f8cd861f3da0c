import { addressKey } from '../site/reservations.js'
import type { Site } from '../site/site.js'
import { addressesOf } from './account-record.js'
import { takenError } from './address-free.js'
import type { AccountRequest, RequestOutcome } from './create-accounts.js'
import { AddressTakenError } from './errors.js'
import { type CreationRules, recordOfNew } from './new-account.js'

/** What {@link createAccounts} would come to, line by line; changes nothing. Keeps the names that the list gives. */
export async function* planAccounts<Place>(
  site: Site,
  requests: AsyncIterable<AccountRequest<Place>>,
  rules: CreationRules = {},
): AsyncGenerator<RequestOutcome<Place>> {
  const given = new Set<string>()
  for await (const { place, account } of requests) {
    if (!('address' in account)) {
      yield { place, status: 'failed', address: null, error: account }
      continue
    }
    const names = addressesOf(recordOfNew(account))
    const repeated = names.find(name => given.has(addressKey(name)))
    const error = repeated
      ? new AddressTakenError(repeated, null)
      : names.map(name => takenError(site, name, rules)).find(each => each !== undefined)
    for (const name of names) given.add(addressKey(name))
    const status = error === undefined ? 'created' : error instanceof AddressTakenError ? 'already' : 'failed'
    yield { place, status, address: account.address, error: error ?? null }
  }
}
