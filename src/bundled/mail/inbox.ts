import { rmSync } from 'node:fs'
import {
  defineInterface,
  installedOn,
  installOn,
  item,
  placeFile,
  registerItemTypes,
  type Store,
  Timestamp,
  timestamp,
} from '../../index.js'
import { MailDelivery, MailMessage } from './mail-message.js'

/** What a store can do that takes mail. */
export const IInbox = defineInterface('mantissa.mail.IInbox')

const DAY = 86_400_000n * 1000n

/** A message that has come in whole, with its file in `temp/` of the store that is to have it, flushed. */
export interface ArrivedMessage {
  readonly temporary: string
  /** The same for the same message sent again; hexadecimal. */
  readonly key: string
  readonly envelopeFrom: string
  readonly envelopeTo: readonly string[]
  readonly subject: string
  readonly sender: string
  readonly messageId: string
  readonly size: number
  readonly trace: string
}

/** The mail of one person. Taking the powerup away keeps the messages, and no more are accepted. */
export class MailInbox extends item({
  typeName: 'mail_inbox',
  version: 1,
  module: 'axiom.item',
  attributes: { created: timestamp({ allowNull: false, default: () => Timestamp.fromDate(new Date()) }) },
  powerupInterfaces: [IInbox],
}) {
  /** The newest first; `count` of them after the first `offset`. */
  list(count: number, offset = 0): readonly MailMessage[] {
    const sort = [MailMessage.received.descending, MailMessage.storeID.descending]
    return this.store.query(MailMessage, { sort, limit: count, offset }).toArray()
  }

  count(): number {
    return this.store.query(MailMessage).count()
  }

  countUnread(): number {
    return this.store.query(MailMessage, { where: MailMessage.isRead.equals(false) }).count()
  }
}

/** Whether mail may be delivered here: not where somebody has taken the inbox away. */
export function takesMail(store: Store): boolean {
  const inbox = store.findFirst(MailInbox)
  return inbox === undefined || installedOn(inbox) !== undefined
}

/**
 * Stores a message, in an inbox that is made for the first one. It is there for good when this returns, file and item;
 * on failure there is no item, and the same message can be delivered again. Undefined where it was delivered within a
 * day; nothing is stored then. The temporary file is gone in both cases.
 * @throws StoreSealedError, StoreBusyError; the temporary file stays.
 */
export function deliver(store: Store, arrived: ArrivedMessage): MailMessage | undefined {
  const { temporary, key, envelopeTo, ...facts } = arrived
  const received = Timestamp.fromDate(new Date())
  const message = store.transact(() => {
    forgetDeliveries(store, received)
    if (store.findFirst(MailDelivery, MailDelivery.key.equals(key)) !== undefined) return undefined
    if (store.findFirst(MailInbox) === undefined) installOn(store.create(MailInbox, {}), store)
    const file = placeOf(store, key, received)
    const stored = store.create(MailMessage, { ...facts, envelopeTo: [...envelopeTo], received, file })
    store.create(MailDelivery, { key, delivered: received })
    // Last: what is renamed does not come back when the transaction is undone.
    placeFile(store, temporary, file)
    return stored
  })
  if (message === undefined) rmSync(temporary, { force: true })
  return message
}

function forgetDeliveries(store: Store, now: Timestamp): void {
  const end = Timestamp.fromMicroseconds(now.microseconds - DAY)
  store.query(MailDelivery, { where: MailDelivery.delivered.lessThan(end) }).deleteFromStore()
}

/**
 * By month, named by the hash: a delivery that a crash has cut short between file and item leaves the very file that the
 * next attempt replaces. One that came days ago has that name already, and keeps it.
 */
function placeOf(store: Store, key: string, received: Timestamp): string {
  const month = received.toIso().slice(0, 7)
  for (let count = 1; ; count += 1) {
    const file = store.filePath('mail', month, `${key.slice(0, 32)}${count === 1 ? '' : `-${count}`}.eml`)
    if (store.findFirst(MailMessage, MailMessage.file.equals(file)) === undefined) return file
  }
}

registerItemTypes(MailInbox)
