/** One notebook: its notes, a new one, another name, and the end of it. */
import { html, NotFoundError, type PrivateRequest, registerPrivatePage, type ShownPage } from '../../../index.js'
import { type Note, Notebook } from '../notebook.js'
import { INotes, NotesApplication } from '../notes-application.js'
import { linkToNewNote } from './application-page.js'
import { readName } from './note-form.js'
import { noteList, sliceOf } from './note-list.js'

registerPrivatePage(Notebook, {
  html: (notebook, request) =>
    request.query.get('confirm') === 'delete' ? confirmation(notebook, request) : shown(notebook, request),
  actions: {
    rename: (notebook, fields) => {
      applicationOf(notebook).renameNotebook(notebook, readName(fields.text('name'), 'the name of a notebook'))
      return { notice: 'The notebook has its new name.' }
    },
    delete: (notebook, _fields, request) => {
      const [home, { name }] = [request.linkTo(applicationOf(notebook)), notebook]
      notebook.deleteFromStore()
      return { goTo: home, notice: `The notebook ${name} is deleted.` }
    },
  },
})

/** The powerup that the notes of a store are behind. @throws NotFoundError where it was taken away. */
export function applicationOf({ store }: Notebook | Note): NotesApplication {
  const [application] = store.powerupsFor(INotes)
  if (application instanceof NotesApplication) return application
  throw new NotFoundError('notes are kept here no more')
}

function shown(notebook: Notebook, request: PrivateRequest): ShownPage {
  const application = applicationOf(notebook)
  const { refused } = request
  const name = refused?.action === 'rename' ? refused.fields.text('name') : notebook.name
  return {
    title: notebook.name,
    body: html`
      <div class="row spread">
        ${linkToNewNote(request.linkTo(application), notebook.name)} <a href="${request.linkTo(application)}">All notes</a>
      </div>
      ${noteList(application.listNotes(notebook.name, sliceOf(request)), request)}
      <section>
        <h2>This notebook</h2>
        ${request.form(
          'rename',
          html`
            <label for="name">Name</label>
            <div class="row">
              <input id="name" name="name" required value="${name}" autocomplete="off">
              <button class="second">Rename</button>
            </div>`,
        )}
        <p><a href="${request.path}?confirm=delete" class="danger">Delete this notebook</a></p>
      </section>`,
  }
}

function confirmation(notebook: Notebook, request: PrivateRequest): ShownPage {
  const count = notebook.countNotes()
  return {
    title: `Delete ${notebook.name}?`,
    body: html`
      <p>${count === 1 ? 'The note' : `All ${count} notes`} in it will be deleted with it, and nobody with whom you have
        shared one will see it any more. Nothing brings them back.</p>
      ${request.form('delete', html`<button class="danger">Delete the notebook</button>`)}
      <p><a href="${request.path}">Keep it</a></p>`,
  }
}
