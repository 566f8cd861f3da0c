import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const page = readFileSync(join(import.meta.dirname, '../../docs/writing-offerings.md'), 'utf8')

/** The first block of a language that says `word`. */
function block(language: string, word = ''): string {
  const blocks = page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))
  const text = [...blocks].map(([, each = '']) => each).find(each => each.includes(word))
  if (text === undefined) throw new Error(`the page has no block of ${language} with ${word}`)
  return text
}

it('the example of docs/writing-offerings.md works as it stands', async () => {
  const cwd = temporaryDirectory()
  mkdirSync(join(cwd, 'mantissa-polls/dist'), { recursive: true, mode: 0o755 })
  writeFileSync(join(cwd, 'mantissa-polls/package.json'), block('json'), { mode: 0o644 })
  writeFileSync(join(cwd, 'mantissa-polls/dist/offerings.js'), block('ts'), { mode: 0o644 })
  const commands = block('console').trimEnd().split('\n')
  expect(commands).toHaveLength(6)
  for (const line of commands) {
    const { code, out, err } = await mantissa(line.replace('$ mantissa ', ''), { cwd })
    expect(`${line}: ${code} ${err}`).toMatch(/: 0 /)
    if (line.endsWith('events list')) expect(out).toMatch(/^admin@example\.com\t\d+\tpolls_voter\t.*\tscheduled$/m)
  }
})

it('so does the one that does something for every item', async () => {
  const cwd = temporaryDirectory()
  mkdirSync(join(cwd, 'node_modules'))
  symlinkSync(join(import.meta.dirname, '../..'), join(cwd, 'node_modules/mantissa'))
  writeFileSync(join(cwd, 'post.mjs'), block('js', 'processItem'))
  writeFileSync(join(cwd, 'store.mjs'), "export { Store } from 'mantissa'")
  const load = (name: string) => import(/* @vite-ignore */ pathToFileURL(join(cwd, name)).href)
  const [{ Store }, post] = [await load('store.mjs'), await load('post.mjs')]
  using store = Store.inMemory()
  const early = post.writeLetter(store, 'one two three')
  const batch = post.countWords(store)
  for (const body of ['four five', '', 'six']) post.writeLetter(store, body)
  expect(batch.scheduled).not.toBeNull()
  while (batch.run() !== null);
  expect(store.findUnique(post.WordCount).words).toBe(6)
  expect(batch.getFailedItems()).toMatchObject([{ message: 'an empty letter' }])
  batch.addItem(store.findUnique(post.WordCount), early)
  expect(batch.run()).toBeNull()
  expect(store.findUnique(post.WordCount).words).toBe(9)
})

it('and the one that asks a store', async () => {
  const cwd = temporaryDirectory()
  mkdirSync(join(cwd, 'node_modules'))
  symlinkSync(join(import.meta.dirname, '../..'), join(cwd, 'node_modules/mantissa'))
  writeFileSync(join(cwd, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(cwd, 'offerings.js'), block('ts'))
  writeFileSync(join(cwd, 'ask.js'), block('js', 'askAround'))
  writeFileSync(join(cwd, 'store.js'), "export { Store } from 'mantissa'")
  const load = (name: string) => import(/* @vite-ignore */ pathToFileURL(join(cwd, name)).href)
  const [{ Store }, polls, ask] = [await load('store.js'), await load('offerings.js'), await load('ask.js')]
  using store = Store.inMemory()
  const pollbook = store.create(polls.Pollbook, {})
  const vote = store.create(polls.Vote, { question: 'Which tea?', answer: 'green' })
  for (const voter of ['a', 'b', 'nobody'])
    store.create(polls.Tally, { pollbook, voter, question: 'Which tea?', answer: voter === 'a' ? ' green ' : 'green' })
  store.create(polls.Tally, { pollbook, voter: 'a', question: 'Why?', answer: ' green ' })
  const answer = ask.askAround(store)
  expect(answer).toMatchObject({ voters: ['b', 'a'], latest: vote.given, answered: 3 })
  expect(answer.pairs).toHaveLength(3)
})

it('so does the upgrader', async () => {
  const cwd = temporaryDirectory()
  mkdirSync(join(cwd, 'node_modules'))
  symlinkSync(join(import.meta.dirname, '../..'), join(cwd, 'node_modules/mantissa'))
  const vote = (version: number) =>
    `class Vote${version} extends item({ typeName: 'polls_old_vote', version: ${version}, module: 'axiom.item',
     attributes: { question: text(), answer: text() } }) {}`
  const lines = [
    "import { item, registerItemTypes, registerUpgrader, Store, text } from 'mantissa'",
    vote(1),
    vote(2),
    'registerItemTypes(Vote2)',
    // Another block of the page defines its own class for the type.
    block('js', 'registerUpgrader').replace('polls_vote', 'polls_old_vote'),
    'export { Store, Vote1, Vote2 }',
  ]
  writeFileSync(join(cwd, 'upgraded.mjs'), lines.join('\n'))
  const { Store, Vote1, Vote2 } = await import(/* @vite-ignore */ pathToFileURL(join(cwd, 'upgraded.mjs')).href)
  using old = Store.inMemory()
  for (const answer of ['  yes ', '   ']) old.create(Vote1, { question: 'tea?', answer })
  using store = Store.fromImage(old.serialize({ wal: false }))
  expect(store.query(Vote2).toArray()).toMatchObject([{ storeID: 1, question: 'tea?', answer: 'yes' }])
})

it('so do the pages, when a node serves them', async () => {
  const cwd = temporaryDirectory()
  mkdirSync(join(cwd, 'node_modules'))
  symlinkSync(join(import.meta.dirname, '../..'), join(cwd, 'node_modules/mantissa'))
  writeFileSync(join(cwd, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(cwd, 'polls.js'), `${block('ts')}\n${block('js', 'registerPrivatePage')}`)
  writeFileSync(join(cwd, 'serve.js'), "export * from 'mantissa'")
  const load = (name: string) => import(/* @vite-ignore */ pathToFileURL(join(cwd, name)).href)
  await load('polls.js')
})
