import { expect, it } from 'vitest'
import { sharedByFile } from '../../support/at-end.js'
import { startNotesSite, writeNote } from '../../support/notes-site.js'
import { WebBrowser } from '../../support/web-browser.js'

const shared = sharedByFile(() => startNotesSite('alice@example.com', 'bob@example.com'))

const JSON_WANTED = { accept: 'application/json' }

/** Where a note is shown to those with whom it is shared. */
async function shareOf(browser: WebBrowser, path: string): Promise<string> {
  const { text } = await browser.get(path)
  return /<a href="(\/users\/[^"]*)">its own page/.exec(text)?.[1] ?? ''
}

it('a note is shown to one person, as HTML and as JSON, and is not there for anybody else', async () => {
  const { people, url } = shared()
  const [alice, bob] = people
  const path = await writeNote(alice, { title: 'For <Bob>', body: 'two\nlines', tags: 'a, b' })
  await alice.submit(path, `${path}/share`, { with: 'bob@example.com' })
  const address = await shareOf(alice, path)
  const [html, json] = [await bob.get(address), await bob.get(address, JSON_WANTED)]
  expect([html.status, html.text]).toEqual([200, expect.stringContaining('<h1>For &lt;Bob&gt;</h1>')])
  expect(html.text).toContain('>two\nlines</div>')
  expect(JSON.parse(json.text)).toEqual({
    title: 'For <Bob>',
    body: 'two\nlines',
    tags: ['a', 'b'],
    changed: expect.stringMatching(/^\d{4}-.*Z$/),
  })
  const nobody = await new WebBrowser(url).get(address)
  expect([nobody.status, nobody.text.includes('two')]).toEqual([404, false])
  await alice.submit(path, `${path}/unshare`, { with: 'bob@example.com' })
  expect((await bob.get(address)).status).toBe(404)
})

it('a note that is shared with everybody is everybody’s, and with a deleted one nobody is left', async () => {
  const { people, url } = shared()
  const [alice] = people
  const path = await writeNote(alice, { title: 'For all' })
  await alice.submit(path, `${path}/share`, { with: 'Everyone' })
  const address = await shareOf(alice, path)
  const visitor = new WebBrowser(url)
  expect((await visitor.get(address)).text).toContain('<h1>For all</h1>')
  await alice.submit(path, `${path}/delete`, {})
  expect((await visitor.get(address)).status).toBe(404)
})

it('the timeline is everybody’s, the newest first, a page at a time, without a note that was withdrawn', async () => {
  const { people, url } = shared()
  const visitor = new WebBrowser(url)
  expect((await visitor.get('/notes/')).text).toContain('Nobody has published a note yet.')
  const paths: string[] = []
  for (let number = 0; number < 22; number += 1) {
    const path = await writeNote(people[number % 2] ?? people[0], {
      title: `<Number> ${number}`,
      body: 'x'.repeat(number * 100),
    })
    await people[number % 2]?.submit(path, `${path}/publish`, {})
    paths.push(path)
  }
  await people[1].submit(paths[21] ?? '', `${paths[21]}/withdraw`, {})
  const first = await visitor.get('/notes/')
  expect([...first.text.matchAll(/<h2>&lt;Number&gt; (\d+)<\/h2>/g)].map(([, number]) => Number(number))).toEqual(
    Array.from({ length: 20 }, (_, index) => 20 - index),
  )
  expect(first.text).toContain('<summary>Read the whole note</summary>')
  const [, older = ''] = /<a href="([^"]*)" rel="next">/.exec(first.text) ?? []
  expect((await visitor.get(older)).text).toMatch(/<h2>&lt;Number&gt; 0<\/h2>/)
  const json = JSON.parse((await visitor.get(older, JSON_WANTED)).text)
  expect(json).toMatchObject({
    title: 'Timeline',
    older: null,
    notes: [{ author: 'alice@example.com', title: '<Number> 0', body: '' }],
  })
  for (const odd of ['?from=x', "?from=1-2'", '?from=999999999999999999-999999999999999'])
    expect((await visitor.get(`/notes/${odd}`)).status).toBe(200)
})
