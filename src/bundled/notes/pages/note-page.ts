/** One note: what it says, who may see it, and all that can be done with it. */
import {
  type Html,
  html,
  type PrivateRequest,
  registerPrivatePage,
  type ShownPage,
  shownMoment,
} from '../../../index.js'
import { Note } from '../notebook.js'
import { audience, endShare, share } from './audience.js'
import { noteFields, readNote } from './note-form.js'
import { tagList } from './note-list.js'
import { applicationOf } from './notebook-page.js'
import { publication, publish, withdraw } from './publication.js'

registerPrivatePage(Note, {
  html(note, request) {
    const application = applicationOf(note)
    if (request.query.get('confirm') === 'delete') return confirmation(note, request)
    const isEdited = request.query.has('edit') || request.refused?.action === 'edit'
    return isEdited ? editor(note, request) : shown(note, request, request.linkTo(application))
  },
  actions: {
    edit(note, fields) {
      const { notebook, ...change } = readNote(fields)
      note.edit(change)
      if (notebook !== '') applicationOf(note).moveNote(note, notebook)
      return { notice: 'The note is changed.' }
    },
    pin: note => {
      note.pinned = true
      return { notice: 'The note stands before the others.' }
    },
    unpin: note => {
      note.pinned = false
      return { notice: 'The note stands among the others.' }
    },
    delete(note, _fields, request) {
      const { notebook, title } = note
      withdraw(note, request)
      note.deleteFromStore()
      return { goTo: request.linkTo(notebook), notice: `The note ${title} is deleted.` }
    },
    share,
    unshare: endShare,
    publish: (note, _fields, request) => publish(note, request),
    withdraw: (note, _fields, request) => withdraw(note, request),
  },
})

function shown(note: Note, request: PrivateRequest, home: string): ShownPage {
  return {
    title: note.title,
    body: html`
      <p class="quiet">
        <a href="${request.linkTo(note.notebook)}">${note.notebook.name}</a> · changed ${shownMoment(note.changed)}
        ${note.pinned && html`<span class="badge">pinned</span>`}
      </p>
      ${note.body === '' ? html`<p class="quiet">There is no text.</p>` : html`<div class="text card">${note.body}</div>`}
      ${tagList(note.tags, home)}
      <div class="row">
        <a href="${request.path}?edit" class="button">Edit</a>
        ${pinForm(note, request)}
        <a href="${request.path}?confirm=delete" class="danger">Delete</a>
      </div>
      ${audience(note, request)}
      ${publication(note, request)}`,
  }
}

function pinForm(note: Note, request: PrivateRequest): Html {
  const [action, words] = note.pinned ? ['unpin', 'Unpin'] : ['pin', 'Pin']
  return request.form(action, html`<button class="second">${words}</button>`)
}

function editor(note: Note, request: PrivateRequest): ShownPage {
  const typed = { notebook: note.notebook.name, title: note.title, body: note.body, tags: note.tags ?? [] }
  const notebooks = applicationOf(note).listNotebooks()
  return {
    title: `Edit ${note.title}`,
    body: html`
      ${request.form('edit', noteFields(typed, { notebooks, button: 'Save', request }))}
      <p><a href="${request.path}">Leave it as it was</a></p>`,
  }
}

function confirmation(note: Note, request: PrivateRequest): ShownPage {
  return {
    title: `Delete ${note.title}?`,
    body: html`
      <p>Nobody with whom you have shared it will see it any more, and it leaves the timeline. Nothing brings it back.</p>
      ${request.form('delete', html`<button class="danger">Delete the note</button>`)}
      <p><a href="${request.path}">Keep it</a></p>`,
  }
}
