import {
  boolean,
  defineInterface,
  item,
  reference,
  registerItemTypes,
  Timestamp,
  text,
  textList,
  timestamp,
} from '../../index.js'

const now = (): Timestamp => Timestamp.fromDate(new Date())

/** What a shared note shows: no more than what it says. */
export interface SharedNote {
  readonly title: string
  readonly body: string
  readonly tags: readonly string[] | null
  readonly changed: Timestamp
}

export const INote = defineInterface<SharedNote>('mantissa.notes.INote', ['title', 'body', 'tags', 'changed'])

/** A named pile of notes. Removing it removes its notes. */
export class Notebook extends item({
  typeName: 'notes_notebook',
  version: 1,
  module: 'axiom.item',
  attributes: {
    name: text({ allowNull: false, indexed: true, doc: 'What its owner calls it; unique in the store.' }),
    created: timestamp({ allowNull: false, default: now, doc: 'When it was begun.' }),
  },
}) {
  countNotes(): number {
    return this.store.query(Note, { where: Note.notebook.equals(this) }).count()
  }
}

/** One note. */
export class Note extends item({
  typeName: 'notes_note',
  version: 1,
  module: 'axiom.item',
  attributes: {
    notebook: reference(() => Notebook, { allowNull: false, whenDeleted: 'cascade', doc: 'Where it is kept.' }),
    title: text({ allowNull: false, doc: 'One line.' }),
    body: text({ allowNull: false, default: '', doc: 'Plain text of any length.' }),
    tags: textList({ default: [], doc: 'Words to find it by.' }),
    pinned: boolean({ allowNull: false, default: false, doc: 'Shown before the others.' }),
    created: timestamp({ allowNull: false, indexed: true, default: now, doc: 'When it was written.' }),
    changed: timestamp({ allowNull: false, default: now, doc: 'When title, body or tags last changed.' }),
  },
  indexes: [['notebook', 'created']],
  powerupInterfaces: [INote],
}) {
  /** Replaces what is given, keeps the rest, and notes the time. */
  edit(change: { readonly title?: string; readonly body?: string; readonly tags?: readonly string[] }): void {
    this.store.transact(() => Object.assign(this, change, { changed: now() }))
  }
}

registerItemTypes(Notebook, Note)
