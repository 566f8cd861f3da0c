import { once } from 'node:events'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { CHEAP_HASH, WebBrowser } from '../support/web-browser.js'

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

it('and the one that serves a protocol', async () => {
  const cwd = temporaryDirectory()
  mkdirSync(join(cwd, 'node_modules'))
  symlinkSync(join(import.meta.dirname, '../..'), join(cwd, 'node_modules/mantissa'))
  writeFileSync(join(cwd, 'counter.mjs'), block('js', 'makeProtocolFactory'))
  writeFileSync(join(cwd, 'store.mjs'), "export { Store } from 'mantissa'")
  const load = (name: string) => import(/* @vite-ignore */ pathToFileURL(join(cwd, name)).href)
  const [{ Store }, { VisitCounter, offerings }] = [await load('store.mjs'), await load('counter.mjs')]
  using store = Store.inMemory()
  const host = { patiently: async (deed: () => unknown) => deed() }
  const server = store.create(VisitCounter, { visits: 6 }).makeProtocolFactory(host).createServer(null)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  expect(await readAll(connect(server.address()))).toBe('You are number 7.\n')
  server.close()
  expect(offerings).toMatchObject([{ name: 'counter' }])
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
  // Another test has the types of that name in this process.
  const polls = `${block('ts')}\n${block('js', 'registerPrivatePage')}`.replaceAll("'polls_", "'shown_polls_")
  writeFileSync(join(cwd, 'polls.js'), polls)
  writeFileSync(join(cwd, 'serve.js'), serveWith('polls.js'))
  writeFileSync(join(cwd, 'package.json'), '{ "type": "module" }')
  const { serve } = await import(/* @vite-ignore */ pathToFileURL(join(cwd, 'serve.js')).href)
  const { url, token, stop } = await serve(join(cwd, 'site.axiom'))
  onTestFinished(stop)
  const alice = new WebBrowser(url)
  alice.cookies.set('mantissa-session', token)
  const [, home = ''] =
    />My pages<.*<a href="(\/private\/[0-9a-f]{16})">Polls</s.exec((await alice.get('/private/')).text) ?? []
  const refused = await alice.submit(home, `${home}/vote`, { question: 'Which <tea>?' })
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('A vote is an answer to a question.')])
  expect(refused.text).toContain('value="Which &lt;tea&gt;?"')
  for (const answer of ['black', 'green'])
    await alice.submit(home, `${home}/vote`, { question: 'Which <tea>?', answer })
  expect((await alice.get(home)).text).toContain('<li>Which &lt;tea&gt;? green</li>')
  const visitor = new WebBrowser(url)
  const asked = `/polls/?${new URLSearchParams({ question: 'Which <tea>?', answer: 'green' })}`
  expect((await visitor.get(asked)).text).toContain('<p>1 people say green to Which &lt;tea&gt;?</p>')
  expect(JSON.parse((await visitor.get(asked, { accept: 'application/json' })).text)).toEqual({ count: 1 })
})

/** A module that serves a new site with the offering of another, and has alice, who has all of it, logged in. */
function serveWith(module: string): string {
  const dist = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../dist', path)).href)
  return `
    import { offerings } from './${module}'
    import { createAccount } from ${dist('accounts/create-account.js')}
    import { beginSession } from ${dist('accounts/sessions/begin-session.js')}
    import { RunningNode } from ${dist('node/running-node.js')}
    import { createSite } from ${dist('offerings/create-site.js')}
    import { endow } from ${dist('offerings/endow.js')}
    import { installOffering } from ${dist('offerings/install-offering.js')}
    import { SslPort, TcpPort } from ${dist('offerings/site-items/ports.js')}
    import { Site } from ${dist('site/site.js')}
    import { webServer } from ${dist('web/web-server.js')}

    export async function serve(directory) {
      await createSite(directory, { hostname: 'example.com' })
      const site = Site.open(directory)
      const [offering] = offerings
      await installOffering(site, offering)
      const address = { localpart: 'alice', domain: 'example.com' }
      const alice = createAccount(site, { address, passwordHash: '${CHEAP_HASH}' })
      endow(site, alice, offering)
      site.store.findUnique(SslPort).deleteFromStore()
      Object.assign(site.store.findUnique(TcpPort), { portNumber: 0, interface: '127.0.0.1' })
      const quiet = { debug() {}, info() {}, warn() {}, error: console.error, child: () => quiet }
      const makers = new Map([['xmantissa_web_siteconfiguration', webServer]])
      const node = await RunningNode.start(site, { log: quiet, makers })
      const [{ address: { port } }] = node.ports
      const stop = async () => {
        await node.stop()
        site.close()
      }
      return { url: \`http://127.0.0.1:\${port}\`, token: beginSession(site, alice, 'browser'), stop }
    }`
}
