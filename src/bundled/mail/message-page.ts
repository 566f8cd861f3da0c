import {
  formatSize,
  type Html,
  html,
  NotFoundError,
  type PrivateRequest,
  registerPrivatePage,
  type ShownPage,
  shownMoment,
} from '../../index.js'
import { MailInbox } from './inbox.js'
import { MailMessage } from './mail-message.js'
import { type Attachment, type ReadMessage, readMessage } from './read-message.js'
import { ReadingLine } from './reading-line.js'
import { wordsOf } from './shown-words.js'

registerPrivatePage(MailMessage, {
  html: showMessage,
  actions: {
    read: message => mark(message, true),
    unread: message => mark(message, false),
    delete: (message, _fields, request) => {
      const inbox = linkToInbox(message, request)
      message.deleteFromStore()
      return { ...(inbox === null ? {} : { goTo: inbox }), notice: 'The message is deleted.' }
    },
  },
})

const reading = new ReadingLine()

function mark(message: MailMessage, isRead: boolean): undefined {
  message.isRead = isRead
}

/** What the store has is taken before the file is waited for: the store may be closed meanwhile. */
async function showMessage(message: MailMessage, request: PrivateRequest): Promise<ShownPage> {
  const { file, isRead } = message
  const [title, facts, inbox] = [wordsOf(message.subject), factsOf(message), linkToInbox(message, request)]
  const person = request.viewer.address ?? ''
  const read = await reading
    .inTurn(person, () => readMessage(file))
    .catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new NotFoundError('the file of this message is gone') : error
    })
  return {
    title,
    body: html`
      ${facts}
      <section>${content(read)}</section>
      ${attached(read.attachments)}
      <div class="row">
        ${request.form(isRead ? 'unread' : 'read', html`<button class="second">Mark as ${isRead ? 'unread' : 'read'}</button>`)}
        ${request.form('delete', html`<button class="danger">Delete</button>`)}
      </div>
      ${inbox !== null && html`<p><a href="${inbox}">All mail</a></p>`}`,
  }
}

function linkToInbox({ store }: MailMessage, request: PrivateRequest): string | null {
  const inbox = store.findFirst(MailInbox)
  return inbox === undefined ? null : request.linkTo(inbox)
}

function factsOf({ sender, envelopeFrom, envelopeTo, received, size, trace }: MailMessage): Html {
  return html`
    <dl>
      <dt>From</dt><dd>${wordsOf(sender, 'nobody')}</dd>
      <dt>Sent by</dt><dd>${wordsOf(envelopeFrom, 'a mail server')}</dd>
      <dt>To</dt><dd>${(envelopeTo ?? []).join(', ')}</dd>
      <dt>Received</dt><dd>${shownMoment(received)}</dd>
      <dt>Size</dt><dd>${formatSize(size)}</dd>
      <dt>Way</dt><dd>${trace}</dd>
    </dl>`
}

function content({ text, isSource, isCut }: ReadMessage): Html {
  return html`
    ${isSource && html`<p class="quiet">No text can be made of this message; this is what came.</p>`}
    <pre class="text">
${text}</pre>
    ${isCut && html`<p class="quiet">The message is longer than what is shown here.</p>`}`
}

function attached(attachments: readonly Attachment[]): Html | null {
  if (attachments.length === 0) return null
  const each = attachments.map(({ name, type, bytes }) => html`<li>${name} (${type}, ${formatSize(bytes)})</li>`)
  return html`<section><h2>Attached</h2><ul class="list">${each}</ul></section>`
}
