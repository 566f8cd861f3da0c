/** The first page of somebody's notes: search, the latest, the notebooks; and the form for a new one. */
import { type Html, html, type PrivateRequest, registerPrivatePage, type ShownPage } from '../../../index.js'
import { NotesApplication } from '../notes-application.js'
import { noteFields, readName, readNote } from './note-form.js'
import { noteList, sliceOf } from './note-list.js'

registerPrivatePage(NotesApplication, {
  tab: 'Notes',
  html: (application, request) =>
    request.query.has('new') || request.refused?.action === 'write'
      ? blank(application, request)
      : home(application, request),
  actions: {
    write(application, fields, request) {
      const { notebook, ...note } = readNote(fields)
      const written = application.addNote(notebook === '' ? note : { notebook, ...note })
      return { goTo: request.linkTo(written), notice: 'The note is written.' }
    },
    begin(application, fields, request) {
      const notebook = application.createNotebook(readName(fields.text('name'), 'the name of a notebook'))
      return { goTo: request.linkTo(notebook), notice: `The notebook ${notebook.name} is begun.` }
    },
  },
})

/** Leads to the form for a new note, in a notebook if one is named. */
export function linkToNewNote(application: string, notebook = ''): Html {
  const query = new URLSearchParams({ new: notebook }).toString()
  return html`<a href="${application}?${query}" class="button">New note</a>`
}

function home(application: NotesApplication, request: PrivateRequest): ShownPage {
  return {
    title: 'Notes',
    body: html`
      <div class="row spread">${linkToNewNote(request.path)} ${searchForm(request)}</div>
      ${found(application, request)}
      ${notebooks(application, request)}`,
  }
}

function blank(application: NotesApplication, request: PrivateRequest): ShownPage {
  const notebook = request.query.get('new') || application.defaultNotebook
  const note = { notebook, title: '', body: '', tags: [] }
  const fields = noteFields(note, { notebooks: application.listNotebooks(), button: 'Write', request })
  return {
    title: 'New note',
    body: html`${request.form('write', fields)}<p><a href="${request.path}">All notes</a></p>`,
  }
}

function searchForm(request: PrivateRequest): Html {
  return html`
    <form method="get" action="${request.path}" role="search" class="row">
      <input type="search" name="q" aria-label="Words in notes" value="${request.query.get('q') ?? ''}">
      <button class="second">Search</button>
    </form>`
}

function found(application: NotesApplication, request: PrivateRequest): Html {
  const [words, tag] = [request.query.get('q') ?? '', request.query.get('tag') ?? '']
  const slice = sliceOf(request)
  if (tag !== '') {
    const tagged = noteList(application.findByTag(tag, slice), request)
    return html`<section><h2>Notes tagged “${tag}”</h2>${tagged}</section>`
  }
  const heading = words.trim() === '' ? 'Latest notes' : `Notes with “${words.trim()}”`
  return html`<section><h2>${heading}</h2>${noteList(application.search(words, slice), request)}</section>`
}

function notebooks(application: NotesApplication, request: PrivateRequest): Html {
  const each = application.listNotebooks().map(
    notebook => html`
      <li><a href="${request.linkTo(notebook)}">${notebook.name}</a> <span class="badge">${notebook.countNotes()}</span></li>`,
  )
  const typed = request.refused?.action === 'begin' ? request.refused.fields.text('name') : ''
  const fields = html`
    <label for="name">New notebook</label>
    <div class="row">
      <input id="name" name="name" required value="${typed}" autocomplete="off"><button class="second">Begin</button>
    </div>`
  return html`
    <section>
      <h2>Notebooks</h2>
      ${each.length === 0 ? html`<p class="quiet">The first note begins one.</p>` : html`<ul class="list">${each}</ul>`}
      ${request.form('begin', fields)}
    </section>`
}
