import {
  and,
  defineInterface,
  getEveryoneRole,
  item,
  or,
  Role,
  registerItemTypes,
  setDefaultShare,
  shareItem,
  Timestamp,
  text,
  timestamp,
} from '../../index.js'
import type { Note } from './notebook.js'

/** What everybody may see of a published note. */
export interface PublishedNote {
  /** Address of who published it. */
  readonly author: string
  readonly title: string
  readonly body: string
  readonly published: Timestamp
}

export interface TimelinePage {
  /** The newest first. */
  readonly notes: readonly PublishedNote[]
  /** Where older ones begin, for {@link Timeline.read}; null where there are none. */
  readonly older: string | null
}

/** What the application store shows to everybody: notes that people have published. */
export interface SharedTimeline {
  readonly title: string
  read(from?: string): TimelinePage
}

export const ITimeline = defineInterface<SharedTimeline>('mantissa.notes.ITimeline', ['title', 'read'])

const PAGE = 20
const SHARE_ID = 'timeline'

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
  /** Whoever comes to the offering's address sees it, unless an administrator ends that share. */
  override installed(): void {
    shareItem(getEveryoneRole(this.store), this, { shareID: SHARE_ID, interfaces: [ITimeline] })
    setDefaultShare(this.store, SHARE_ID)
  }

  /** Publishes a note in its author's name, or replaces what was published of it. */
  publish(author: string, note: Note): TimelineEntry {
    const { title, body } = note
    const fields = { author, noteId: nameOf(note), title, body, published: Timestamp.fromDate(new Date()) }
    return this.store.transact(() => {
      // One that was installed before there were shares: its store has never had a role.
      if (this.store.findFirst(Role) === undefined) this.installed()
      const known = this.find(author, note)
      return known === undefined ? this.store.create(TimelineEntry, fields) : Object.assign(known, fields)
    })
  }

  /** Takes a publication back; nothing published is not an error. */
  withdraw(author: string, note: Note): void {
    this.find(author, note)?.deleteFromStore()
  }

  /** What was published of a note. */
  find(author: string, note: Note): TimelineEntry | undefined {
    const same = and(TimelineEntry.author.equals(author), TimelineEntry.noteId.equals(nameOf(note)))
    return this.store.findFirst(TimelineEntry, same)
  }

  /** The newest first. */
  latest(count = PAGE): readonly TimelineEntry[] {
    return this.#select(count)
  }

  /** A page of it, as copies: whoever reads a shared timeline gets no item. What is no place in it is its beginning. */
  read(from = ''): TimelinePage {
    const found = this.#select(PAGE + 1, from)
    const notes = found.slice(0, PAGE).map(({ author, title, body, published }) => ({ author, title, body, published }))
    const last = found.length > PAGE ? found[PAGE - 1] : undefined
    return { notes, older: last === undefined ? null : `${last.published.microseconds}-${last.storeID}` }
  }

  #select(limit: number, from = ''): readonly TimelineEntry[] {
    const { published, storeID } = TimelineEntry
    const place = /^(\d{1,18})-(\d{1,15})$/.exec(from)
    const time = Timestamp.fromMicroseconds(BigInt(place?.[1] ?? 0))
    const below = or(published.lessThan(time), and(published.equals(time), storeID.lessThan(Number(place?.[2] ?? 0))))
    const sort = [published.descending, storeID.descending]
    return this.store.query(TimelineEntry, { where: place === null ? undefined : below, sort, limit }).toArray()
  }
}

/** A store may get the address of another that is gone, and its numbers, but not its notes' hours. */
function nameOf({ storeID, created }: Note): string {
  return `${storeID}-${created.microseconds}`
}

registerItemTypes(Timeline, TimelineEntry)
