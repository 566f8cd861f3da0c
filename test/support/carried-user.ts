import { subStoreOf } from '../../src/accounts/account-rows.js'
import { getAccountByAddress } from '../../src/accounts/find-account.js'
import { parseAddress } from '../../src/base/address.js'
import { MailMessage } from '../../src/bundled/mail/mail-message.js'
import { Note } from '../../src/bundled/notes/notebook.js'
import type { Store } from '../../src/store-engine/store.js'
import { Conversation } from '../bundled/mail/mail-site.js'
import type { ServedSite } from './served-site.js'

/** Calls `work` with somebody's store, opened beside the node. */
export function inStoreOf<T>(site: ServedSite, address: string, work: (store: Store) => T): T {
  using opened = site.open()
  const subStore = subStoreOf(getAccountByAddress(opened, parseAddress(address)))
  if (subStore === undefined) throw new Error(`${address} has no store`)
  return subStore.use(work)
}

export const titlesOf = (site: ServedSite, address: string): string[] =>
  inStoreOf(site, address, store => [...store.query(Note)].map(({ title }) => title))

/** Subjects of what somebody has got by mail. */
export const mailOf = (site: ServedSite, address: string): string[] =>
  inStoreOf(site, address, store => [...store.query(MailMessage)].map(({ subject }) => subject))

/** Sends a message on a connection of its own; the last answer's number, 0 where the connection was lost. */
export async function sendMail(port: number, to: string, subject: string): Promise<number> {
  const conversation = await Conversation.with(port)
  const answer = await conversation.begin('friend@elsewhere.example', to)
  const bytes = `Message-ID: <${subject}@elsewhere.example>\r\nSubject: ${subject}\r\n\r\nHello\r\n.\r\n`
  const last = answer.startsWith('250') ? await conversation.data(bytes) : answer
  conversation.close()
  return Number(/^\d{3}/.exec(last)?.[0] ?? 0)
}
