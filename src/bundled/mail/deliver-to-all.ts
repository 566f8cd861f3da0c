import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { type LoginAccount, newTemporaryPath, type ServiceHost } from '../../index.js'
import { readField } from './header-fields.js'
import { deliver } from './inbox.js'
import { copyMessage, type WrittenMessage } from './incoming-message.js'

/** One store that a message goes to, with the addresses that led there and the file in its `temp/`. */
export interface Destination {
  readonly account: LoginAccount
  readonly addresses: readonly string[]
  readonly temporary: string
}

export interface Envelope {
  readonly from: string
  readonly trace: string
}

/** A place for the message in the store of each account, in the order of the recipients; no file is made. */
export async function planDestinations(
  host: ServiceHost,
  recipients: ReadonlyMap<string, LoginAccount>,
): Promise<readonly [Destination, ...Destination[]]> {
  const byAccount = new Map<LoginAccount, string[]>()
  for (const [address, account] of recipients) byAccount.set(account, [...(byAccount.get(account) ?? []), address])
  const planned: Destination[] = []
  for (const [account, addresses] of byAccount)
    planned.push({ account, addresses, temporary: await host.withUserStore(account, newTemporaryPath) })
  const [first, ...others] = planned
  if (first === undefined) throw new Error('a message without recipients')
  return [first, ...others]
}

/**
 * Stores a message that lies flushed at the first of its destinations at all of them. When it resolves, every store has
 * it for good. When it fails, some may have it: the same message, sent again to the same recipients within a day, is
 * stored where it is missing and nowhere twice.
 * @throws BusyError and whatever a store or the disk says; no temporary file is left.
 */
export async function deliverToAll(
  host: ServiceHost,
  [first, ...others]: readonly [Destination, ...Destination[]],
  { from, trace, head, hash, size }: Envelope & WrittenMessage,
): Promise<void> {
  const messageId = readField(head, 'Message-ID')
  const facts = { envelopeFrom: from, messageId, size, trace }
  const shown = { subject: readField(head, 'Subject'), sender: readField(head, 'From') }
  try {
    for (const { temporary } of others) await copyMessage(first.temporary, temporary)
    for (const { account, addresses, temporary } of [first, ...others]) {
      const key = createHash('sha256')
        .update(JSON.stringify([from, addresses.toSorted(), messageId, hash]))
        .digest('hex')
      const arrived = { ...facts, ...shown, temporary, key, envelopeTo: addresses }
      await host.withUserStore(account, store => deliver(store, arrived))
    }
  } finally {
    for (const { temporary } of [first, ...others]) await rm(temporary, { force: true })
  }
}
