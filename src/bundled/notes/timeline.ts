import { and, defineInterface, item, registerItemTypes, Timestamp, text, timestamp } from '../../index.js'
import type { Note } from './notebook.js'

/** What the application store shows to everybody: notes that people have published. */
export const ITimeline = defineInterface('mantissa.notes.ITimeline')

/** A copy of a published note. It does not change with the note; publishing again replaces it. */
export class TimelineEntry extends item({
  typeName: 'notes_timeline_entry',
  version: 1,
  module: 'axiom.item',
  attributes: {
    author: text({ allowNull: false, indexed: true, doc: 'Address of who published it.' }),
    noteId: text({ allowNull: false, doc: 'Tells the notes of one author apart.' }),
    title: text({ allowNull: false }),
    body: text({ allowNull: false }),
    published: timestamp({ allowNull: false, indexed: true }),
  },
  indexes: [['author', 'noteId']],
}) {}

/**
 * The shared timeline, the powerup of the application store. Items of different stores never refer to each other: what
 * crosses over is a copy with a name of its own, so a publication that is repeated after a crash is still one.
 */
export class Timeline extends item({
  typeName: 'notes_timeline',
  version: 1,
  module: 'axiom.item',
  attributes: { title: text({ allowNull: false, default: 'Timeline', doc: 'The heading of its page.' }) },
  powerupInterfaces: [ITimeline],
}) {
  /** Publishes a note in its author's name, or replaces what was published of it. */
  publish(author: string, note: Note): TimelineEntry {
    const noteId = String(note.storeID)
    const fields = { author, noteId, title: note.title, body: note.body, published: Timestamp.fromDate(new Date()) }
    return this.store.transact(() => {
      const known = this.#find(author, noteId)
      return known === undefined ? this.store.create(TimelineEntry, fields) : Object.assign(known, fields)
    })
  }

  /** Takes a publication back; nothing published is not an error. */
  withdraw(author: string, note: Note): void {
    this.#find(author, String(note.storeID))?.deleteFromStore()
  }

  /** The newest first. */
  latest(count = 20): readonly TimelineEntry[] {
    const sort = [TimelineEntry.published.descending, TimelineEntry.storeID.descending]
    return this.store.query(TimelineEntry, { sort, limit: count }).toArray()
  }

  #find(author: string, noteId: string): TimelineEntry | undefined {
    const same = and(TimelineEntry.author.equals(author), TimelineEntry.noteId.equals(noteId))
    return this.store.findFirst(TimelineEntry, same)
  }
}

registerItemTypes(Timeline, TimelineEntry)
