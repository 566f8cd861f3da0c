/** The first page of somebody's notes: search, the latest, the notebooks, and a new note. */
import { type ActionOutcome, type Html, html, type PrivateRequest, registerPrivatePage } from '../../../index.js'
import type { Note } from '../notebook.js'
import { NotesApplication } from '../notes-application.js'
import { noteFields, readName, readNote } from './note-form.js'
import { noteList, sliceOf } from './note-list.js'

registerPrivatePage(NotesApplication, {
  tab: 'Notes',
  html: (application, request) => ({
    title: 'Notes',
    body: html`
      ${searchForm(request)}
      ${found(application, request)}
      ${notebooks(application, request)}
      ${newNote(application, request)}`,
  }),
  actions: {
    write: (application, fields, request) => write(application, request.linkTo, readNote(fields)),
    begin: (application, fields, request) => {
      const notebook = application.createNotebook(readName(fields.text('name'), 'the name of a notebook'))
      return { goTo: request.linkTo(notebook), notice: `The notebook ${notebook.name} is begun.` }
    },
  },
})

/** The new note is shown. */
export function write(
  application: NotesApplication,
  linkTo: (note: Note) => string,
  { notebook, ...note }: ReturnType<typeof readNote>,
): ActionOutcome {
  const written = application.addNote(notebook === '' ? note : { notebook, ...note })
  return { goTo: linkTo(written), notice: 'The note is written.' }
}

function searchForm(request: PrivateRequest): Html {
  return html`
    <form method="get" action="${request.path}" role="search" >
      <label for="search">Search</label>
      <div class="row">
        <input id="search" type="search" name="q" value="${request.query.get('q') ?? ''}">
        <button class="second">Search</button>
      </div>
    </form>`
}

function found(application: NotesApplication, request: PrivateRequest): Html {
  const [words, tag] = [request.query.get('q') ?? '', request.query.get('tag') ?? '']
  const slice = sliceOf(request)
  if (tag !== '') {
    const tagged = application.findByTag(tag).slice(slice.offset, slice.offset + slice.limit)
    return html`<section><h2>Notes tagged “${tag}”</h2>${noteList(tagged, request)}</section>`
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

function newNote(application: NotesApplication, request: PrivateRequest): Html {
  const blank = { notebook: application.defaultNotebook, title: '', body: '', tags: [] }
  const fields = noteFields(blank, { notebooks: application.listNotebooks(), button: 'Write', request })
  return html`<section><h2>New note</h2>${request.form('write', fields)}</section>`
}
