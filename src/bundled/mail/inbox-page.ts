import {
  type FormFields,
  formatSize,
  type Html,
  html,
  type PrivateRequest,
  registerPrivatePage,
  shownMoment,
} from '../../index.js'
import { MailInbox } from './inbox.js'
import { getMessage, MailMessage } from './mail-message.js'
import { wordsOf } from './shown-words.js'

const PAGE = 50

registerPrivatePage(MailInbox, {
  tab: 'Mail',
  html: (inbox, request) => ({
    title: 'Mail',
    body: html`<p class="quiet">${summary(inbox)}</p>${messages(inbox, request)}${turnPages(inbox, request)}`,
  }),
  actions: {
    read: (inbox, fields) => {
      for (const message of chosen(inbox, fields)) message.isRead = true
      return undefined
    },
    delete: (inbox, fields) => {
      const all = chosen(inbox, fields)
      for (const message of all) message.deleteFromStore()
      return { notice: all.length === 1 ? 'One message is deleted.' : `${all.length} messages are deleted.` }
    },
  },
})

/** The messages that are ticked, each once; those that are gone already are left out. */
function chosen({ store }: MailInbox, fields: FormFields): readonly MailMessage[] {
  const ids = new Set(fields.all('message').slice(0, PAGE).map(Number))
  return [...ids].flatMap(id => {
    const isThere = Number.isSafeInteger(id) && id > 0 && store.findItemById(id) instanceof MailMessage
    return isThere ? [getMessage(store, id)] : []
  })
}

function summary(inbox: MailInbox): string {
  const [all, unread] = [inbox.count(), inbox.countUnread()]
  if (all === 0) return 'No mail has come yet.'
  return `${all} ${all === 1 ? 'message' : 'messages'}, ${unread} unread`
}

function messages(inbox: MailInbox, request: PrivateRequest): Html | null {
  const shown = inbox.list(PAGE, pageOf(request) * PAGE)
  if (shown.length === 0) return null
  const table = html`
    <table class="cards">
      <thead><tr><th></th><th>From</th><th>Subject</th><th>Received</th><th>Size</th></tr></thead>
      <tbody>${shown.map(message => row(message, request))}</tbody>
    </table>
    <button class="second">Mark as read</button>
    <button class="danger" formaction="${request.path}/delete">Delete</button>`
  return request.form('read', table)
}

function row(message: MailMessage, request: PrivateRequest): Html {
  const { storeID, sender, envelopeFrom, received, size, isRead } = message
  const subject = wordsOf(message.subject)
  return html`
    <tr>
      <td><input type="checkbox" name="message" value="${storeID}" aria-label="Choose ${subject}"></td>
      <td data-label="From">${wordsOf(sender || envelopeFrom, 'a mail server')}</td>
      <td data-label="Subject"><a href="${request.linkTo(message)}">${isRead ? subject : html`<strong>${subject}</strong> (new)`}</a></td>
      <td data-label="Received">${shownMoment(received)}</td>
      <td data-label="Size">${formatSize(size)}</td>
    </tr>`
}

function turnPages(inbox: MailInbox, request: PrivateRequest): Html | null {
  const page = pageOf(request)
  const last = Math.max(0, Math.ceil(inbox.count() / PAGE) - 1)
  if (last === 0) return null
  return html`
    <nav class="row" aria-label="Pages">
      ${page > 0 && html`<a href="${request.path}?page=${page - 1}">Newer</a>`}
      ${page < last && html`<a href="${request.path}?page=${page + 1}">Older</a>`}
    </nav>`
}

/** From 0; whatever is no such number is the first. */
function pageOf({ query }: PrivateRequest): number {
  const page = Number(query.get('page') ?? 0)
  return Number.isSafeInteger(page) && page >= 0 && page < 1_000_000 ? page : 0
}
