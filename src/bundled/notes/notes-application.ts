import {
  ConflictError,
  defineInterface,
  InvalidInputError,
  item,
  NotFoundError,
  registerItemTypes,
  text,
} from '../../index.js'
import { Note, Notebook } from './notebook.js'

/** What a store can do for somebody who keeps notes. */
export const INotes = defineInterface('mantissa.notes.INotes')

export interface NewNote {
  readonly notebook: string
  readonly title: string
  readonly body?: string
  readonly tags?: readonly string[]
}

/** A person's notes. Taking the powerup away leaves notebooks and notes in the store. */
export class NotesApplication extends item({
  typeName: 'notes_application',
  version: 1,
  module: 'axiom.item',
  attributes: { defaultNotebook: text({ allowNull: false, default: 'Notes', doc: 'Begun with the first note.' }) },
  powerupInterfaces: [INotes],
}) {
  /** Alphabetical. */
  listNotebooks(): readonly Notebook[] {
    return this.store.query(Notebook, { sort: Notebook.name.ascending }).toArray()
  }

  /** @throws ConflictError when a notebook has that name, in whatever letter case. */
  createNotebook(name: string): Notebook {
    if (name.trim() === '') throw new InvalidInputError('a notebook needs a name', { hint: 'give it one' })
    return this.store.transact(() => {
      if (this.#find(name) !== undefined) throw new ConflictError(`there is a notebook ${name} already`)
      return this.store.create(Notebook, { name })
    })
  }

  /** @throws NotFoundError */
  getNotebook(name: string): Notebook {
    const found = this.#find(name)
    if (found === undefined) throw new NotFoundError(`there is no notebook ${name}`)
    return found
  }

  /** Writes a note, into the default notebook where none is named. */
  addNote({ notebook = this.defaultNotebook, ...note }: Omit<NewNote, 'notebook'> & Partial<NewNote>): Note {
    return this.store.transact(() =>
      this.store.create(Note, { ...note, notebook: this.#find(notebook) ?? this.createNotebook(notebook) }),
    )
  }

  /** Pinned ones first, then the newest. */
  listNotes(notebook: string): readonly Note[] {
    return this.store
      .query(Note, {
        where: Note.notebook.equals(this.getNotebook(notebook)),
        sort: [Note.pinned.descending, Note.created.descending, Note.storeID.descending],
      })
      .toArray()
  }

  /** Every note that carries the tag, letters A to Z without case. */
  findByTag(tag: string): readonly Note[] {
    const wanted = tag.toLowerCase()
    const notes = this.store.query(Note, { sort: Note.created.descending })
    return notes.toArray().filter(note => note.tags?.some(each => each.toLowerCase() === wanted))
  }

  #find(name: string): Notebook | undefined {
    return this.store.findFirst(Notebook, Notebook.name.equals(name))
  }
}

registerItemTypes(NotesApplication)
