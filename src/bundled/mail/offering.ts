/**
 * Mail: an SMTP server that takes messages for the people of a site, and an inbox for each of them.
 *
 * It shows how an offering brings a protocol of its own: a factory in the site store, of which ports are made.
 *
 * - `mail-message`, `inbox` what lies in a person's store; the inbox is made with the first message;
 * - `inbox-page`, `message-page`, `read-message` what its owner sees of it;
 * - `mail-smtp-factory` the factory, with all that can be set;
 * - `smtp-service`, `smtp-sessions` the server: who may send what to whom;
 * - `recipients`, `deliver-to-all` from an address to an account, from a connection into its store;
 * - this file: the offering that ties them together.
 */
import { defineOffering, installOn, type Store, TcpPort } from '../../index.js'
import { MailInbox } from './inbox.js'
import './inbox-page.js'
import './message-page.js'
import { MailDelivery, MailMessage } from './mail-message.js'
import { MailSmtpFactory } from './mail-smtp-factory.js'

/** Nobody needs to be root for it; the port for mail itself is 25. */
const SMTP_PORT = 2525

export const mail = defineOffering({
  name: 'mail',
  description: 'Takes mail by SMTP and keeps it in an inbox for everybody',
  version: '1.0.0',
  siteRequirements: [{ itemClass: MailSmtpFactory }],
  installablePowerups: [{ name: 'inbox', description: 'Read the mail that came in', itemClass: MailInbox }],
  itemTypes: [MailMessage, MailDelivery],
  prepareSite: () => addPort,
})

function addPort(siteStore: Store): void {
  const factory = siteStore.findUnique(MailSmtpFactory)
  if (siteStore.findFirst(TcpPort, TcpPort.factory.equals(factory)) !== undefined) return
  installOn(siteStore.create(TcpPort, { portNumber: SMTP_PORT, factory }), siteStore)
}
