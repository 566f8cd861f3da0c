import { expect, it } from 'vitest'
import {
  AlreadyAnswered,
  FailedAnswer,
  IMessageRouter,
  MessageQueue,
  QueuedMessage,
} from '../../src/messaging/message-items.js'
import { Store } from '../../src/store-engine/store.js'
import { cloneFixture } from '../support/fixtures.js'

const alice = () => `${cloneFixture('divmod-site.axiom')}/files/account/example.org/alice.axiom`

it('the queue and messages of the original can be read', () => {
  using store = Store.open(alice())
  const queue = store.findUnique(MessageQueue)
  expect(store.powerupsFor(IMessageRouter)).toEqual([queue])
  const messages = store.query(QueuedMessage).toArray()
  expect(messages.map(({ senderUsername, senderDomain }) => `${senderUsername}@${senderDomain}`)).toEqual([
    'alice@voice.example.org',
    'alice@voice.example.org',
  ])
  expect(Math.max(...messages.map(({ messageID }) => messageID))).toBe(queue.messageCounter)
})

it('text compares with letter case, as the original declared it by accident', () => {
  using store = Store.open(alice())
  const from = (name: string) =>
    store.query(QueuedMessage, { where: QueuedMessage.senderUsername.equals(name) }).count()
  expect([from('alice'), from('ALICE')]).toEqual([2, 0])
  for (const { itemType } of [QueuedMessage, AlreadyAnswered, FailedAnswer])
    for (const { attribute, label } of itemType.attributes)
      if (attribute.kind === 'text') expect([label, attribute.sqltype]).toEqual([label, 'TEXT'])
})

it('attributes stand in the columns that section 6.1 names, null only where it allows', () => {
  const nullable = [QueuedMessage, AlreadyAnswered, FailedAnswer].map(({ itemType }) =>
    itemType.attributes.filter(({ attribute }) => attribute.allowNull).map(({ name }) => name),
  )
  expect(nullable).toEqual([['consequence', 'senderShareID'], ['originalSenderShareID'], ['senderShareID']])
})
