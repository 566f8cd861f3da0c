import { beforeEach, expect, it } from 'vitest'
import { subStoreOf } from '../../../src/accounts/account-rows.js'
import { Note, Notebook } from '../../../src/bundled/notes/notebook.js'
import { runProgram } from '../../../src/cli/run-program.js'
import { installOffering } from '../../../src/offerings/install-offering.js'
import { loadOffering } from '../../../src/offerings/load-offering.js'
import { Role, Share } from '../../../src/sharing/share-items.js'
import type { Site } from '../../../src/site/site.js'
import type { Store } from '../../../src/store-engine/store.js'
import { fakeEnv } from '../../support/fake-env.js'
import { addUser, openNewSite } from '../../support/sites.js'

let site: Site
let store: Store
let note: Note

beforeEach(async () => {
  site = await openNewSite()
  await installOffering(site, await loadOffering('notes', site))
  store = subStoreOf(addUser(site, 'alice@example.com'))?.open() as Store
  const notebook = store.create(Notebook, { name: 'Notes' })
  note = store.create(Note, { notebook, title: 'Soup' })
})

async function run(line: string): Promise<{ code: number; out: string; err: string }> {
  const env = fakeEnv()
  const code = await runProgram([...line.split(' '), '--site', site.directory, '--no-input'], env)
  return { code, out: env.stdout.text.trim(), err: env.stderr.text }
}

const create = (rest: string) =>
  run(`share create alice@example.com ${note.storeID} --interface mantissa.notes.INote ${rest}`)

it('shares an item, says so again, and ends it', async () => {
  expect(await create('--to everyone --id soup -n')).toMatchObject({ code: 0, out: expect.stringContaining('planned') })
  expect(store.query(Share).count() + store.query(Role).count()).toBe(0)
  expect((await create('--to everyone --id soup --default')).out).toContain('created')
  expect((await create('--to Everyone --id SOUP --default')).out).toContain('already')
  const [listed] = JSON.parse((await run('share list alice@example.com --json')).out)
  expect(listed).toMatchObject({ id: 'soup', to: 'Everyone', item: note.storeID, default: true })
  expect((await run('share remove alice@example.com soup -n')).out).toContain('planned')
  expect((await run('share remove alice@example.com soup')).code).toBe(2)
  expect((await run('share remove alice@example.com soup --from zoe@example.com --yes')).code).toBe(3)
  expect((await run('share remove alice@example.com soup --yes')).out).toContain('removed')
  expect(store.query(Share).count()).toBe(0)
})

it('says what might have been meant', async () => {
  await create('--to everyone --id soup')
  const wrong = {
    'share remove alice@example.com soap --yes': [3, 'did you mean soup?'],
    [`share create alice@example.com ${note.storeID} --to everyone --interface INote`]: [
      3,
      'did you mean mantissa.notes.INote?',
    ],
    [`share create alice@example.com ${note.storeID} --to everione --interface mantissa.notes.INote`]: [
      3,
      'did you mean Everyone?',
    ],
    [`share create alcie@example.com ${note.storeID} --to everyone --interface mantissa.notes.INote`]: [
      3,
      'alice@example.com',
    ],
    'share create alice@example.com 999 --to everyone --interface mantissa.notes.INote': [3, 'no item 999'],
    'share create alice@example.com soup --to everyone --interface mantissa.notes.INote': [2, 'whole number'],
    [`share create alice@example.com ${note.storeID} --to everyone`]: [2, '--interface'],
    'role add-member alice@example.com a@b zoe@example.com': [2, 'has an "@"'],
    'role remove-member alice@example.com friends zoe@example.com': [3, 'no role "friends"'],
  } as const
  for (const [line, [code, words]] of Object.entries(wrong)) {
    const { code: ended, err } = await run(line)
    expect([line, ended, err]).toEqual([line, code, expect.stringContaining(words)])
  }
})

it('shares with groups, whose members come and go', async () => {
  expect((await create('--to friends --id soup')).code).toBe(3)
  expect((await run('role add-member alice@example.com friends zoe@example.com -n')).out).toContain('planned')
  expect(store.query(Role).count()).toBe(0)
  expect((await run('role add-member alice@example.com friends zoe@example.com')).out).toContain('added')
  expect((await run('role add-member alice@example.com friends ZOE@example.com')).out).toContain('already')
  expect((await create('--to friends --id soup')).code).toBe(0)
  expect((await run('role list alice@example.com')).out).toContain('friends\tgroup\tzoe@example.com\t1')
  expect((await run('role remove-member alice@example.com friends zoe@example.com')).out).toContain('removed')
  expect((await run('role remove-member alice@example.com friends zoe@example.com')).out).toContain('already')
})
