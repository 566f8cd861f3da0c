/**
 * What a store keeps of messages between users: those that wait to be delivered, those that were answered, and answers
 * that nobody could take.
 *
 * Text columns compare with letter case here, unlike almost everywhere else: the original declared them so, by accident,
 * and would not open a store with others.
 */
import { bytes, integer, text } from '../store-engine/attributes/attributes.js'
import { reference } from '../store-engine/attributes/reference.js'
import { item } from '../store-engine/items/item.js'
import { registerItemTypes } from '../store-engine/items/registry.js'
import { defineInterface } from '../store-engine/powerups/interface.js'
import { registerUpgrader } from '../store-engine/upgrades/upgrade.js'

/** Takes messages and answers, and brings them to where they are meant to go. */
export const IMessageRouter = defineInterface('xmantissa.ixmantissa.IMessageRouter')

const exact = { caseSensitive: true, allowNull: false } as const

/** Whose message it is and for whom; what is sent need not come from a share. */
const ends = {
  senderUsername: text(exact),
  senderDomain: text(exact),
  senderShareID: text({ caseSensitive: true }),
  targetUsername: text(exact),
  targetDomain: text(exact),
  targetShareID: text(exact),
} as const

/** The outgoing queue of a store; one in each that takes part. */
export class MessageQueue extends item({
  typeName: 'xmantissa_interstore_messagequeue',
  version: 2,
  module: 'xmantissa.interstore',
  attributes: { messageCounter: integer({ allowNull: false, default: 0, doc: 'The number of the last message.' }) },
  powerupInterfaces: [IMessageRouter],
}) {}

/** A message in its sender's store, until it is answered. */
export class QueuedMessage extends item({
  typeName: 'xmantissa_interstore__queuedmessage',
  version: 1,
  module: 'xmantissa.interstore',
  attributes: {
    ...ends,
    messageType: text(exact),
    messageData: bytes({ allowNull: false }),
    messageID: integer({ allowNull: false, doc: 'Unique in the store of the sender.' }),
    consequence: reference({ doc: 'What wants to know the answer.' }),
  },
}) {}

/** An answer in the store of who gave it, until its receiver has it: a message that comes again is not done again. */
export class AlreadyAnswered extends item({
  typeName: 'xmantissa_interstore__alreadyanswered',
  version: 1,
  module: 'xmantissa.interstore',
  attributes: {
    originalSenderShareID: text({ caseSensitive: true }),
    originalSenderUsername: text(exact),
    originalSenderDomain: text(exact),
    originalTargetShareID: text(exact),
    originalTargetUsername: text(exact),
    originalTargetDomain: text(exact),
    messageID: integer({ allowNull: false }),
    answerType: text(exact),
    answerData: bytes({ allowNull: false }),
  },
}) {}

/** An answer in the sender's store whose consequence failed. */
export class FailedAnswer extends item({
  typeName: 'xmantissa_interstore__failedanswer',
  version: 1,
  module: 'xmantissa.interstore',
  attributes: {
    consequence: reference({ allowNull: false }),
    messageType: text(exact),
    messageData: bytes({ allowNull: false }),
    answerType: text(exact),
    answerData: bytes({ allowNull: false }),
    ...ends,
  },
}) {}

registerItemTypes(MessageQueue, QueuedMessage, AlreadyAnswered, FailedAnswer)

/** Version 1 depended on a scheduler besides. */
registerUpgrader({
  typeName: 'xmantissa_interstore_messagequeue',
  from: 1,
  to: 2,
  upgrade: ({ values: { messageCounter } }) => ({ messageCounter }),
})
