import {
  and,
  ConflictError,
  defineInterface,
  InvalidInputError,
  item,
  NotFoundError,
  or,
  type QueryOptions,
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

/** Each is counted and named on the first page. */
const MOST_NOTEBOOKS = 500
const LATEST = [Note.created.descending, Note.storeID.descending]
/** Of a search; more words find nothing better. */
const MOST_WORDS = 10

/** A part of a list. */
export type Slice = Pick<QueryOptions, 'limit' | 'offset'>

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

  /** @throws ConflictError when a notebook has that name, in whatever letter case, or there are too many. */
  createNotebook(name: string): Notebook {
    return this.store.transact(() => {
      this.#assertFree(name)
      if (this.store.query(Notebook).count() >= MOST_NOTEBOOKS)
        throw new ConflictError(`there are ${MOST_NOTEBOOKS} notebooks already, and no more are kept`)
      return this.store.create(Notebook, { name })
    })
  }

  /** @throws ConflictError when another notebook has that name. */
  renameNotebook(notebook: Notebook, name: string): void {
    this.store.transact(() => {
      this.#assertFree(name, notebook)
      notebook.name = name
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

  /** Puts a note into a notebook, which is begun where there is none of that name. */
  moveNote(note: Note, notebook: string): void {
    this.store.transact(() => {
      note.notebook = this.#find(notebook) ?? this.createNotebook(notebook)
    })
  }

  /** Pinned ones first, then the newest. */
  listNotes(notebook: string, slice: Slice = {}): readonly Note[] {
    const where = Note.notebook.equals(this.getNotebook(notebook))
    return this.store.query(Note, { where, sort: [Note.pinned.descending, ...LATEST], ...slice }).toArray()
  }

  /** Notes that carry the tag, letters A to Z without case. The others' texts are not read, however many there are. */
  findByTag(tag: string, { offset = 0, limit = Number.POSITIVE_INFINITY }: Slice = {}): readonly Note[] {
    const wanted = tag.toLowerCase()
    const found: number[] = []
    for (const [id, tags] of this.store.query(Note, { sort: LATEST }).columns(Note.storeID, Note.tags)) {
      if (found.length >= offset + limit) break
      if (tags?.some(each => each.toLowerCase() === wanted)) found.push(id)
    }
    return found.slice(offset).flatMap(id => {
      const note = this.store.findItemById(id)
      return note instanceof Note ? [note] : []
    })
  }

  /** Notes with all of these words in title or text, letters A to Z without case; the newest first. */
  search(words: string, slice: Slice = {}): readonly Note[] {
    const wanted = words
      .split(/\s+/)
      .filter(word => word !== '')
      .slice(0, MOST_WORDS)
    const [first, ...others] = wanted.map(word => or(Note.title.contains(word), Note.body.contains(word)))
    const where = first === undefined ? undefined : and(first, ...others)
    return this.store.query(Note, { where, sort: LATEST, ...slice }).toArray()
  }

  #assertFree(name: string, owner?: Notebook): void {
    if (name.trim() === '') throw new InvalidInputError('a notebook needs a name', { hint: 'give it one' })
    const found = this.#find(name)
    if (found !== undefined && found !== owner) throw new ConflictError(`there is a notebook ${name} already`)
  }

  #find(name: string): Notebook | undefined {
    return this.store.findFirst(Notebook, Notebook.name.equals(name))
  }
}

registerItemTypes(NotesApplication)
