import { describe, expect, it } from 'vitest'
import { subStoreOf } from '../../../src/accounts/account-rows.js'
import { Note, Notebook } from '../../../src/bundled/notes/notebook.js'
import { INotes, type NotesApplication } from '../../../src/bundled/notes/notes-application.js'
import { notes } from '../../../src/bundled/notes/offering.js'
import { ITimeline, type Timeline, TimelineEntry } from '../../../src/bundled/notes/timeline.js'
import { deprive } from '../../../src/offerings/deprive.js'
import { endow } from '../../../src/offerings/endow.js'
import { installOffering } from '../../../src/offerings/install-offering.js'
import { openAppStore } from '../../../src/offerings/installed-offerings.js'
import type { Store } from '../../../src/store-engine/store.js'
import { addUser, openNewSite } from '../../support/sites.js'

async function prepared() {
  const site = await openNewSite()
  await installOffering(site, notes)
  const alice = addUser(site, 'alice@example.com')
  endow(site, alice, notes)
  const store = subStoreOf(alice)?.open() as Store
  const [application] = store.powerupsFor(INotes) as NotesApplication[]
  const [timeline] = openAppStore(site, 'notes').powerupsFor(ITimeline) as Timeline[]
  return { site, alice, store, application: application as NotesApplication, timeline: timeline as Timeline }
}

describe('notes', () => {
  it('keeps notes in notebooks', async () => {
    const { application } = await prepared()
    application.createNotebook('Travel')
    const lisbon = application.addNote({ notebook: 'Travel', title: 'Lisbon', body: 'trams', tags: ['city', 'Sea'] })
    const porto = application.addNote({ notebook: 'travel', title: 'Porto' })
    application.addNote({ title: 'Milk' })
    expect(application.listNotebooks().map(each => each.name)).toEqual(['Notes', 'Travel'])
    expect(application.listNotes('Travel')).toEqual([porto, lisbon])
    lisbon.pinned = true
    expect(application.listNotes('Travel')).toEqual([lisbon, porto])
    expect(application.findByTag('sea')).toEqual([lisbon])
    expect(application.findByTag('se')).toEqual([])
    const others = ['one', 'two', 'three'].map(title => application.addNote({ title, tags: ['sea'] }))
    expect(application.findByTag('SEA', { offset: 1, limit: 2 })).toEqual([others[1], others[0]])
  })

  it('edits a note and notes the time', async () => {
    const { application } = await prepared()
    const note = application.addNote({ title: 'Milk', tags: ['shop'] })
    const { changed } = note
    note.edit({ body: 'two litres' })
    expect(note).toMatchObject({ title: 'Milk', body: 'two litres', tags: ['shop'] })
    expect(note.changed.compare(changed)).toBeGreaterThanOrEqual(0)
  })

  it('refuses two notebooks of one name and notebooks without one', async () => {
    const { application } = await prepared()
    application.createNotebook('Travel')
    expect(() => application.createNotebook('TRAVEL')).toThrow('there is a notebook TRAVEL already')
    expect(() => application.createNotebook(' ')).toThrow('needs a name')
    expect(() => application.listNotes('Work')).toThrow('there is no notebook Work')
  })

  it('throws notes away with their notebook', async () => {
    const { application, store } = await prepared()
    application.addNote({ title: 'Milk' })
    application.getNotebook('Notes').deleteFromStore()
    expect([store.query(Note).count(), store.query(Notebook).count()]).toEqual([0, 0])
  })

  it('publishes copies on the timeline of all, each note once', async () => {
    const { application, timeline } = await prepared()
    const note = application.addNote({ title: 'Lisbon', body: 'trams' })
    timeline.publish('alice@example.com', note)
    note.edit({ body: 'trams and tiles' })
    expect(timeline.latest().map(entry => entry.body)).toEqual(['trams'])
    timeline.publish('alice@example.com', note)
    expect(timeline.latest().map(entry => entry.body)).toEqual(['trams and tiles'])
    timeline.withdraw('alice@example.com', note)
    expect(timeline.store.query(TimelineEntry).count()).toBe(0)
  })

  it('leaves the notes when the powerup is taken away', async () => {
    const { site, alice, application, store } = await prepared()
    application.addNote({ title: 'Milk' })
    deprive(site, alice, notes)
    expect(store.powerupsFor(INotes)).toEqual([])
    expect(store.query(Note).count()).toBe(1)
    endow(site, alice, notes)
    expect((store.powerupsFor(INotes) as NotesApplication[])[0]?.listNotes('Notes')).toHaveLength(1)
  })

  it('writes only types that the original software can skip', async () => {
    const { site, store } = await prepared()
    const appStore = openAppStore(site, 'notes')
    const own = [...store.typesOnDisk(), ...appStore.typesOnDisk()].filter(type => type.typeName.startsWith('notes_'))
    expect(own.length).toBeGreaterThan(1)
    expect(new Set(own.map(type => type.module))).toEqual(new Set(['axiom.item']))
  })
})
