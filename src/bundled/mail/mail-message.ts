import { rmSync } from 'node:fs'
import {
  boolean,
  integer,
  item,
  NotFoundError,
  path,
  registerItemTypes,
  type Store,
  text,
  textList,
  timestamp,
} from '../../index.js'

/** One message in the store of somebody who has got it. The file holds its bytes as they were sent. */
export class MailMessage extends item({
  typeName: 'mail_message',
  version: 1,
  module: 'axiom.item',
  attributes: {
    received: timestamp({ allowNull: false, indexed: true, doc: 'When it was accepted.' }),
    envelopeFrom: text({ allowNull: false, doc: 'Whom the sending server named; empty for a report of a server.' }),
    envelopeTo: textList({ allowNull: false, doc: 'The addresses of the account that it was sent to.' }),
    subject: text({ allowNull: false, default: '', doc: 'Decoded, at most some hundred characters.' }),
    sender: text({ allowNull: false, default: '', doc: 'The header From, decoded; nobody has checked it.' }),
    messageId: text({ allowNull: false, default: '', indexed: true, caseSensitive: true }),
    size: integer({ allowNull: false, doc: 'In bytes.' }),
    file: path({
      allowNull: false,
      indexed: true,
      doc: 'The message, headers and all, with CRLF at the end of its lines.',
    }),
    trace: text({ allowNull: false, doc: 'What a header Received would say of how it came.' }),
    isRead: boolean({ allowNull: false, default: false }),
  },
}) {
  #fileOfDeleted: string | undefined

  /** The file goes with the item, once the deletion is committed. */
  override deleteFromStore(): void {
    this.#fileOfDeleted = this.file
    super.deleteFromStore()
  }

  override deleted(): void {
    if (this.#fileOfDeleted !== undefined) rmSync(this.#fileOfDeleted, { force: true })
  }
}

/**
 * That a message was delivered. It is kept for a day, longer than most servers that have missed an answer wait before
 * they try again; so what comes twice is stored once, even where its owner has deleted it meanwhile.
 */
export class MailDelivery extends item({
  typeName: 'mail_delivery',
  version: 1,
  module: 'axiom.item',
  attributes: {
    key: text({ allowNull: false, indexed: true, caseSensitive: true, doc: 'Hash of envelope and content.' }),
    delivered: timestamp({ allowNull: false, indexed: true }),
  },
}) {}

/** @throws NotFoundError where the store has no such message. */
export function getMessage(store: Store, storeID: number): MailMessage {
  const found = Number.isSafeInteger(storeID) && storeID > 0 ? store.findItemById(storeID) : undefined
  if (found instanceof MailMessage) return found
  throw new NotFoundError('there is no such message')
}

registerItemTypes(MailMessage, MailDelivery)
