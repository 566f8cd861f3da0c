import { describe, expect, it } from 'vitest'
import { Note, Notebook } from '../../../src/bundled/notes/notebook.js'
import { TimelineEntry } from '../../../src/bundled/notes/timeline.js'
import { openAppStore } from '../../../src/offerings/installed-offerings.js'
import { Role, Share } from '../../../src/sharing/share-items.js'
import { sharedByFile } from '../../support/at-end.js'
import { notesOf, startNotesSite, storeOf, writeNote } from '../../support/notes-site.js'

const shared = sharedByFile(() => startNotesSite('alice@example.com', 'bob@example.com'))

const ODD = '\n  first line\r\nsecond\t<script>alert(1)</script> & "quotes" \' 日本 🜁 \u0000\u0007 }}\n\n'

describe('a private notebook', () => {
  it('keeps what was typed, escapes it, and shows it as it was typed', async () => {
    const [alice] = shared().people
    const path = await writeNote(alice, { title: ` <b>${'ö'.repeat(100)}</b>\n`, body: ODD, tags: 'Sea, <i>, sea,, ' })
    const { text } = await alice.get(path)
    const note = storeOf(shared(), 'alice@example.com').findUnique(Note, Note.title.startsWith('<b>'))
    const body = '\n  first line\nsecond\t<script>alert(1)</script> & "quotes" \' 日本 🜁  }}\n\n'
    expect([note.body, note.tags]).toEqual([body, ['sea', '<i>']])
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot; &#39; 日本 🜁')
    expect(text).not.toMatch(/<script>alert|<i>|<b>/)
    const edited = await alice.get(`${path}?edit`)
    expect(edited.text).toContain('rows="10">\n\n  first line\nsecond')
    const { text: list } = await alice.get(await notesOf(alice))
    expect(list).not.toMatch(/<script>alert|<i>|<b>/)
  })

  it('changes, pins, moves and finds notes', async () => {
    const [alice] = shared().people
    const path = await writeNote(alice, { title: 'Lisbon', body: 'trams', tags: 'city', notebook: 'Travel' })
    await alice.submit(path, `${path}/pin`, {})
    expect((await alice.get(path)).text).toContain('<span class="badge">pinned</span>')
    const fields = { title: 'Lisboa', body: 'trams and tiles', tags: 'city, tiles', notebook: 'Portugal' }
    const { status, headers } = await alice.submit(`${path}?edit`, `${path}/edit`, fields)
    expect([status, headers.get('location')]).toEqual([303, path])
    const { text } = await alice.get(path)
    expect(text).toContain('The note is changed.')
    expect(text).toMatch(/<h1>Lisboa<\/h1>.*>Portugal<\/a>.*trams and tiles.*\?tag=tiles"/s)
    const home = await notesOf(alice)
    for (const query of ['?q=TILES+trams', '?tag=CITY'])
      expect((await alice.get(home + query)).text).toContain('>Lisboa</a>')
    for (const query of ['?q=tiles+boats', '?tag=cit'])
      expect((await alice.get(home + query)).text).not.toContain('>Lisboa</a>')
    await alice.submit(path, `${path}/unpin`, {})
    expect((await alice.get(path)).text).not.toContain('<span class="badge">pinned</span>')
  })

  it('says what is wrong with what was typed, and keeps it', async () => {
    const [alice] = shared().people
    const path = await writeNote(alice, { title: 'Short' })
    const change = (fields: Record<string, string>) => alice.submit(path, `${path}/edit`, fields)
    const long = await change({ title: 'x'.repeat(201), body: 'still here' })
    expect([long.status, long.text]).toEqual([
      400,
      expect.stringContaining('The title has 201 characters, 1 too many.'),
    ])
    expect(long.text).toContain('>\nstill here</textarea>')
    const book = await change({ title: 'T', body: 'x'.repeat(100_001) })
    expect([book.status, book.text]).toEqual([
      400,
      expect.stringContaining('The text has 100001 characters, 1 too many.'),
    ])
    const tags = await change({ title: 'T', tags: Array.from({ length: 31 }, (_, index) => `t${index}`).join() })
    expect([tags.status, tags.text]).toEqual([400, expect.stringContaining('at most 30 tags')])
    expect((await alice.get(path)).text).toContain('<h1>Short</h1>')
  })

  it('gives a note without a title its first line', async () => {
    const [alice] = shared().people
    const path = await writeNote(alice, { body: '\n\nEggs, and more\nmilk' })
    expect((await alice.get(path)).text).toContain('<h1>Eggs, and more</h1>')
  })

  it('asks before it deletes, a note and a notebook with its notes', async () => {
    const [alice] = shared().people
    const store = storeOf(shared(), 'alice@example.com')
    const path = await writeNote(alice, { title: 'Doomed', notebook: 'Bin' })
    const other = await writeNote(alice, { title: 'Doomed with it', notebook: 'Bin' })
    const asked = await alice.get(`${path}?confirm=delete`)
    expect([asked.text, store.query(Notebook).count() > 0]).toEqual([expect.stringContaining('Delete Doomed?'), true])
    const { headers } = await alice.submit(`${path}?confirm=delete`, `${path}/delete`, {})
    const notebook = headers.get('location') ?? ''
    const { text } = await alice.get(notebook)
    expect(text).toMatch(/The note Doomed is deleted\..*<h1>Bin<\/h1>.*Doomed with it/s)
    expect((await alice.get(path)).status).toBe(404)
    expect((await alice.get(`${notebook}?confirm=delete`)).text).toContain('The note in it will be deleted with it')
    await alice.submit(notebook, `${notebook}/delete`, {})
    expect([(await alice.get(notebook)).status, (await alice.get(other)).status]).toEqual([404, 404])
  })

  it('renames notebooks, unless another has the name', async () => {
    const [alice] = shared().people
    const home = await notesOf(alice)
    const begun = await alice.submit(home, `${home}/begin`, { name: ' Kitchen ' })
    const notebook = begun.headers.get('location') ?? ''
    await alice.submit(home, `${home}/begin`, { name: 'Garden' })
    const taken = await alice.submit(notebook, `${notebook}/rename`, { name: 'GARDEN' })
    expect([taken.status, taken.text]).toEqual([409, expect.stringContaining('There is a notebook GARDEN already.')])
    await alice.submit(notebook, `${notebook}/rename`, { name: 'kitchen' })
    expect((await alice.get(notebook)).text).toContain('<h1>kitchen</h1>')
  })

  it('shows many notes a page at a time', async () => {
    const [, bob] = shared().people
    const store = storeOf(shared(), 'bob@example.com')
    const first = await writeNote(bob, { title: 'number 0', notebook: 'Many' })
    store.transact(() => {
      const { notebook } = store.findUnique(Note)
      for (let number = 1; number < 60; number += 1) store.create(Note, { notebook, title: `number ${number}` })
    })
    const home = await notesOf(bob)
    const { text } = await bob.get(`${home}?q=number`)
    expect([text.includes('>number 59<'), text.includes('>number 9<')]).toEqual([true, false])
    const [, next = ''] = /<a href="([^"]*)" rel="next">/.exec(text) ?? []
    expect(next).toBe(`${home}?q=number&amp;from=50`)
    const rest = await bob.get(next.replace('&amp;', '&'))
    expect([rest.text.includes('>number 9<'), rest.text.includes('rel="next"')]).toEqual([true, false])
    expect((await bob.get(`${home}?from=-1'`)).status).toBe(200)
    expect(rest.text).toContain(first)
  })
})

describe('what its owner does with a note', () => {
  it('shares it with one person, with everybody, and no more', async () => {
    const [alice] = shared().people
    const path = await writeNote(alice, { title: 'For Bob' })
    const store = storeOf(shared(), 'alice@example.com')
    const share = (who: string) => alice.submit(path, `${path}/share`, { with: who })
    const roles = () =>
      store
        .query(Share, { sort: Share.storeID.ascending })
        .toArray()
        .map(each => each.sharedTo.externalID)
    await share(' bob@example.com ')
    await share('Everyone')
    await share('bob@example.com')
    expect(roles()).toEqual(['bob@example.com', 'Everyone'])
    const [first, second] = store.query(Share).toArray()
    expect([first?.shareID, first?.sharedInterfaceNames]).toEqual([second?.shareID, 'mantissa.notes.INote'])
    const { text } = await alice.get(path)
    expect(text).toContain(`<a href="/users/alice/${first?.shareID}">`)
    const refused = await share('<nobody>')
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('value="&lt;nobody&gt;"')])
    await alice.submit(path, `${path}/unshare`, { with: 'Everyone' })
    await alice.submit(path, `${path}/unshare`, { with: 'nobody@example.com' })
    expect(roles()).toEqual(['bob@example.com'])
    await alice.submit(path, `${path}/delete`, {})
    expect(roles()).toEqual([])
  })

  it('publishes it, again when it has changed, and withdraws it; a deleted note leaves the timeline', async () => {
    const [alice] = shared().people
    const path = await writeNote(alice, { title: 'News', body: 'one' })
    const timeline = openAppStore(shared().site, 'notes')
    const published = () =>
      timeline
        .query(TimelineEntry)
        .toArray()
        .map(({ author, body }) => `${author}: ${body}`)
    const act = (action: string, fields = {}) => alice.submit(path, `${path}/${action}`, fields)
    await act('publish')
    await act('edit', { title: 'News', body: 'two' })
    expect(published()).toEqual(['alice@example.com: one'])
    expect((await alice.get(path)).text).toContain('and changed since then')
    await act('publish')
    expect(published()).toEqual(['alice@example.com: two'])
    await act('withdraw')
    expect(published()).toEqual([])
    await act('edit', { title: 'News', body: 'x'.repeat(20_001) })
    const long = await act('publish')
    expect([long.status, long.text]).toEqual([400, expect.stringContaining('no notes of more than 20000 characters')])
    await act('edit', { title: '🜁'.repeat(200), body: 'three' })
    await act('publish')
    expect(published()).toEqual(['alice@example.com: three'])
    expect((await act('delete')).status).toBe(303)
    expect(published()).toEqual([])
  })
})

it('a timeline from before there were shares is shown to everybody from the next publication on, unless somebody ended that', async () => {
  const [alice] = shared().people
  const timeline = openAppStore(shared().site, 'notes')
  const path = await writeNote(alice, { title: 'Shown' })
  const publish = () => alice.submit(path, `${path}/publish`, {})
  for (const each of timeline.query(Share)) each.deleteFromStore()
  await publish()
  expect(timeline.query(Share).count()).toBe(0)
  for (const each of timeline.query(Role)) each.deleteFromStore()
  await publish()
  expect(timeline.findUnique(Share)).toMatchObject({
    shareID: 'timeline',
    sharedInterfaceNames: 'mantissa.notes.ITimeline',
  })
})
