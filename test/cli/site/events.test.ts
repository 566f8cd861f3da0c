import { chmodSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { subStoreOf } from '../../../src/accounts/account-rows.js'
import type { LoginAccount } from '../../../src/accounts/login-account.js'
import { createHook } from '../../../src/scheduling/parent-hook.js'
import { runDueEvents } from '../../../src/scheduling/run-due-events.js'
import { schedule } from '../../../src/scheduling/scheduler.js'
import { TimedEvent } from '../../../src/scheduling/timed-event.js'
import { listAudit } from '../../../src/site/audit.js'
import { Site } from '../../../src/site/site.js'
import { Timestamp } from '../../../src/store-engine/attributes/timestamp.js'
import type { Store } from '../../../src/store-engine/store.js'
import type { SubStore } from '../../../src/store-engine/sub-store.js'
import { at, Failing, job } from '../../scheduling/jobs.js'
import { cloneFixture } from '../../support/fixtures.js'
import { mantissa } from '../../support/mantissa.js'
import { addUser } from '../../support/sites.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { newSite } from '../../transfer/two-sites.js'

const LATER = Timestamp.parse('2100-01-01T00:00:00Z')

let cwd: string

const variables = { MANTISSA_SITE: 'east.axiom' }
const run = (words: string) => mantissa(words, { cwd, variables })
const json = async (words: string) => JSON.parse((await run(`${words} --json`)).out) as Record<string, unknown>[]

function inStoreOf(account: LoginAccount, work: (store: Store, user: SubStore) => void): void {
  const user = subStoreOf(account) as SubStore
  user.use(store => work(store, user))
}

/** Alice has an event that is due, one for later and two failures; Bob has an event that is due. */
beforeEach(() => {
  cwd = temporaryDirectory()
  using site = newSite('east.axiom', cwd)
  inStoreOf(addUser(site, 'alice@example.com'), store => {
    schedule(job(store, 'late'), LATER)
    const failing = store.create(Failing, {})
    for (const time of [1, 2]) schedule(failing, at(time))
    runDueEvents(store, at(5))
    schedule(job(store, 'due'), at(1_000_000))
  })
  inStoreOf(addUser(site, 'bob@example.com'), store => void schedule(job(store, 'due'), at(2_000_000)))
  site.store.create(TimedEvent, { runnable: job(site.store, 'of the site') })
})

describe('events', () => {
  it('tells in its help which options it has without a verb', async () => {
    const { code, out } = await run('events --help')
    expect(code).toBe(0)
    expect(out).toContain('Usage: mantissa events [verb] [options]')
    expect(out.replace(/\s+/g, ' ')).toContain('the options of that: --user <address>, --due, --failures.')
  })

  it('suggests the verb that was meant', async () => {
    expect(await run('events lst')).toMatchObject({
      ...{ code: 2, out: '' },
      err: "error: unknown command 'lst'\ntry: did you mean list?\n",
    })
    expect(await run('events --user alice@example.com claer-failures')).toMatchObject({
      ...{ code: 2, out: '' },
      err: "error: unknown command 'claer-failures'\ntry: did you mean clear-failures?\n",
    })
    expect((await run('events xyz')).err).toBe("error: unknown command 'xyz'\ntry: mantissa events --help\n")
    expect((await run('events list xyz')).err).toContain("too many arguments for 'list'")
  })
})

describe('events list', () => {
  it('shows the events of the site and of every user, whatever their code, the earliest of a store first', async () => {
    const rows = await json('events list')
    expect(rows.map(({ address, type, when, state }) => [address, type, when, state])).toEqual([
      [null, 'axiom_subscheduler_parent_hook', '1970-01-01T00:00:00.000001Z', 'due'],
      [null, 'axiom_subscheduler_parent_hook', '1970-01-01T00:00:02.000000Z', 'due'],
      [null, 'scheduling_job', null, 'never'],
      ['alice@example.com', 'scheduling_job', '1970-01-01T00:00:01.000000Z', 'due'],
      ['alice@example.com', 'scheduling_job', '2100-01-01T00:00:00.000000Z', 'scheduled'],
      ['bob@example.com', 'scheduling_job', '1970-01-01T00:00:02.000000Z', 'due'],
    ])
    expect(rows[1]).toMatchObject({ store: null, hookOf: 'account/example.com/bob.axiom' })
    expect(rows[3]).toMatchObject({ store: 'account/example.com/alice.axiom', hookOf: null, error: null })
  })

  it('is what events alone does, as lines in a pipe', async () => {
    const { out, err, code } = await run('events')
    expect([code, err]).toEqual([0, ''])
    expect(out.split('\n')[1]).toMatch(
      /^\(site\)\t\d+\taxiom_subscheduler_parent_hook\t\d+\t1970-01-01T00:00:02\.000000Z\tdue, hook of account\/example\.com\/bob\.axiom$/,
    )
    expect(out.split('\n')).toHaveLength(7)
  })

  it('can be narrowed to what is due and to one user', async () => {
    expect(await json('events --due')).toHaveLength(4)
    expect(await json('events --user Alice@Example.com')).toHaveLength(2)
    expect(await json('events --user bob@example.com --due')).toMatchObject([{ state: 'due' }])
    expect(await run('events --user nobody@example.com')).toMatchObject({ code: 3, out: '' })
    expect(await run('events --due --failures')).toMatchObject({ code: 2 })
  })

  it('shows failures with what went wrong, and the whole traceback in JSON', async () => {
    const rows = await json('events list --failures')
    expect(rows).toMatchObject([
      {
        address: 'alice@example.com',
        type: 'scheduling_failing',
        when: '1970-01-01T00:00:00.000001Z',
        actual: '1970-01-01T00:00:00.000005Z',
        state: 'failed',
        error: 'Error: out of luck',
        traceback: expect.stringMatching(/jobs\.ts.*caused by: Error: no luck/s),
      },
      { when: '1970-01-01T00:00:00.000002Z' },
    ])
    const { out } = await run('events list --failures --user alice@example.com')
    expect(out.split('\n')[0]?.split('\t').slice(4)).toEqual([
      '1970-01-01T00:00:00.000001Z',
      '1970-01-01T00:00:00.000005Z',
      'Error: out of luck',
    ])
  })

  it('tells of a store that cannot be opened, goes on with the others and exits with 10', async () => {
    const alice = join(cwd, 'east.axiom/files/account/example.com/alice.axiom')
    renameSync(alice, `${alice}.away`)
    const { out, err, code } = await run('events list')
    expect(code).toBe(10)
    expect(err).toMatch(/^alice@example\.com: .*alice\.axiom is not a store: there is no such directory\n/)
    expect(err).toMatch(/\nerror: 1 store was left out, since it cannot be opened\n/)
    expect(out).toMatch(/^bob@example\.com\t/m)
    expect((await run('events list --quiet')).err).toBe(err)
    for (const verb of ['events list --json', 'events clear-failures --json'])
      expect(JSON.parse((await run(verb)).err)).toMatchObject({
        error: {
          code: 'SOME_STORES_SKIPPED',
          details: {
            stores: 1,
            skipped: [
              {
                address: 'alice@example.com',
                store: 'account/example.com/alice.axiom',
                code: 'NOT_A_STORE',
                message: expect.stringContaining('there is no such directory'),
              },
            ],
          },
        },
      })
    expect(await run('events list --user alice@example.com')).toMatchObject({ code: 3, out: '' })
  })

  it("reads a site of the original's, without changing it", async () => {
    const directory = cloneFixture('divmod-site.axiom')
    const database = join(directory, 'files/account/example.org/alice.axiom/db.sqlite')
    const before = readFileSync(database)
    const when = '2026-11-22T11:11:01.383890Z'
    expect(await json(`events list --site ${directory}`)).toMatchObject([
      { address: null, hookOf: 'account/example.org/alice.axiom', when },
      { address: 'alice@example.org', when },
    ])
    expect(readFileSync(database).equals(before)).toBe(true)
  })

  it.each([
    ['is a file', (path: string) => writeFileSync(path, '')],
    ['is a link to itself', (path: string) => symlinkSync('example.com', path)],
  ])('leaves a store out whose path %s', async (_what, make) => {
    const domain = join(cwd, 'east.axiom/files/account/example.com')
    rmSync(domain, { recursive: true })
    make(domain)
    const { code, out, err } = await run('events list')
    expect([code, out.split('\n').length, err]).toEqual([10, 4, expect.stringMatching(/^alice@.*\nbob@.*\nerror: 2 /)])
  })

  it('writes nothing', async () => {
    chmodSync(join(cwd, 'east.axiom/files/account/example.com/alice.axiom/db.sqlite'), 0o400)
    expect(await run('events list')).toMatchObject({ code: 0, err: '' })
    using site = Site.open(join(cwd, 'east.axiom'), { readonly: true })
    expect(listAudit(site)).toEqual([])
  })
})

describe('events clear-failures', () => {
  it('removes them from every store, once, and says so in the audit log', async () => {
    expect(await json('events clear-failures --dry-run')).toEqual({ status: 'planned', failures: 2, stores: 1 })
    expect(await json('events list --failures')).toHaveLength(2)
    expect((await run('events clear-failures')).out).toBe('done\t2\t1\n')
    expect(await json('events list --failures')).toEqual([])
    expect(await json('events clear-failures')).toEqual({ status: 'already', failures: 0, stores: 0 })
    expect(await json('events list')).toHaveLength(6)
    using site = Site.open(join(cwd, 'east.axiom'), { readonly: true })
    expect(listAudit(site).map(({ verb, result }) => `${verb} ${result}`)).toEqual([
      'events clear-failures already',
      'events clear-failures done',
    ])
  })

  it('leaves what is young, and what is of others', async () => {
    expect(await json('events clear-failures --user bob@example.com')).toMatchObject({ failures: 0 })
    expect(await json('events clear-failures --older-than 5000w')).toMatchObject({ failures: 0 })
    expect(await json('events clear-failures --older-than 1w')).toMatchObject({ failures: 2 })
  })
})

it('user tells when the store is looked into', async () => {
  using site = Site.open(join(cwd, 'east.axiom'))
  inStoreOf(addUser(site, 'carol@example.com'), (_store, user) => void createHook(site.store, user, LATER))
  expect(await json('user carol@example.com')).toMatchObject({ nextEvent: LATER.toIso() })
})
