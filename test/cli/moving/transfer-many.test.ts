import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createAccounts } from '../../../src/accounts/create-accounts.js'
import { listAccounts } from '../../../src/accounts/list-accounts.js'
import { parseAddress } from '../../../src/base/address.js'
import { runProgram } from '../../../src/cli/run-program.js'
import { scheduledTick } from '../../../src/scheduling/parent-hook.js'
import { SubSchedulerParentHook, TimedEvent } from '../../../src/scheduling/timed-event.js'
import { listAudit } from '../../../src/site/audit.js'
import { Site } from '../../../src/site/site.js'
import { listTombstones } from '../../../src/site/tombstones.js'
import { listTransfers } from '../../../src/site/transfers-journal.js'
import { Timestamp } from '../../../src/store-engine/attributes/timestamp.js'
import { readFence } from '../../../src/store-engine/database/write-fence.js'
import type { SubStore } from '../../../src/store-engine/sub-store.js'
import { openCarried } from '../../../src/transfer/copying/open-carried.js'
import { Job } from '../../scheduling/jobs.js'
import { fakeEnv } from '../../support/fake-env.js'
import { type Finished, mantissa, type RunOptions, splitWords } from '../../support/mantissa.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { converse, hasScript } from '../../support/terminal.js'
import { newSite } from '../../transfer/two-sites.js'

const LATER = Timestamp.fromDate(new Date('2100-01-01'))

let cwd: string

const variables = { MANTISSA_SITE: 'east.axiom' }
/** In a process of its own, which may be killed. */
const spawned = (words: string, options: Partial<RunOptions> = {}) => mantissa(words, { cwd, variables, ...options })

/** The same program without the time that a process takes. */
async function run(words: string, { stdin = '' }: { readonly stdin?: string } = {}) {
  const env = fakeEnv({ currentDirectory: cwd, variables, stdin })
  const code = await runProgram(splitWords(words), env)
  return { code, out: env.stdout.text, err: env.stderr.text }
}

const rowsOf = ({ out }: Pick<Finished, 'out'>) => out.split('\n').map(line => line.split('\t').slice(0, 2).join(' '))
const errorOf = ({ err }: Pick<Finished, 'err'>) =>
  (JSON.parse(err.slice(err.indexOf('{\n  "error"'))) as { error: { code: string; details: Record<string, unknown> } })
    .error

/** Two sites, and in the first so many users with a note of their own each. */
async function makeUsers(count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, number) => `user${number}@example.com`)
  const east = newSite('east.axiom', cwd)
  newSite('west.axiom', cwd).close()
  const requests = names.map(name => ({ place: 0, account: { address: parseAddress(name), passwordHash: null } }))
  for await (const { error } of createAccounts(east, requests)) if (error) throw error
  for (const { address, storepath } of listAccounts(east)) {
    using store = openCarried(join(east.directory, 'files', storepath ?? ''))
    store.transact(() => {
      store.sql.exec('CREATE TABLE mantissa_note (owner)')
      store.sql.run('INSERT INTO mantissa_note VALUES (?)', address)
    })
  }
  east.close()
  return names
}

/** Whoever is in a site, each with their own note in a store that they may write. */
function usersOf(name: string): readonly string[] {
  using site = Site.open(join(cwd, name), { readonly: true })
  return [...listAccounts(site)].map(({ address, storepath }) => {
    using store = openCarried(join(site.directory, 'files', storepath ?? ''), { readonly: true })
    expect(store.sql.pluck('SELECT owner FROM mantissa_note')).toEqual([address])
    expect(readFence(store)?.state ?? 'active').toBe('active')
    return address ?? ''
  })
}

function expectAllMoved(names: readonly string[]): void {
  expect(usersOf('east.axiom')).toEqual([])
  expect([...usersOf('west.axiom')].sort()).toEqual([...names].sort())
  for (const name of ['east.axiom', 'west.axiom']) {
    using site = Site.open(join(cwd, name), { readonly: true })
    expect(listTransfers(site, { open: true })).toEqual([])
    expect(site.store.sql.pluck('SELECT name FROM mantissa_reservation')).toEqual([])
  }
  expect(readdirSync(join(cwd, 'west.axiom/temp'))).toEqual([])
}

beforeEach(() => {
  cwd = temporaryDirectory()
})

describe('transfer-user of many', () => {
  it('moves whom a pattern matches, tells of each and sums up; asks first, and the same words again are harmless', async () => {
    const names = await makeUsers(3)
    const asked = await run("transfer-user '*@EXAMPLE.com' --to west.axiom")
    expect([asked.code, asked.err]).toEqual([2, expect.stringContaining('Move 3 users from')])
    const moved = await run("transfer-user '*@EXAMPLE.com' --to west.axiom --max-parallel 2 --yes")
    expect(rowsOf(moved).sort()).toEqual(['', ...names.map(name => `moved ${name}`)])
    expect(moved.err).toMatch(
      /^moved 3, already there 0, failed 0, not tried 0; \d+\.\d KiB, \d+ moves a minute, longest freeze [\d.]+ m?s\n$/,
    )
    expectAllMoved(names)
    const again = await run("transfer-user '*@example.com' --to west.axiom")
    expect([again.code, ...rowsOf(again)]).toEqual([0, ...names.map(name => `already ${name}`), ''])
    const one = await run('transfer-user user1@example.com --to west.axiom --json')
    expect([one.code, JSON.parse(one.out)]).toMatchObject([0, { status: 'already', address: 'user1@example.com' }])
    using site = Site.open(join(cwd, 'west.axiom'), { readonly: true })
    expect(listAudit(site).map(({ result }) => result)).toContainEqual(expect.stringMatching(/^moved 3, already/))
  })

  it('reads a list to its end before anybody is moved, and names the lines that cannot be meant', async () => {
    const names = await makeUsers(3)
    writeFileSync(join(cwd, 'bad.txt'), '# who goes\nuser0@example.com\n\nuser1@example.com\tuser2@example.com\n\0\n')
    const refused = await run('transfer-user --from bad.txt --to west.axiom --json')
    expect(refused.code).toBe(2)
    expect(errorOf(refused)).toMatchObject({
      code: 'USER_LIST',
      message: 'line 4 of bad.txt is no address: it holds a control character (and 1 more)',
      details: { lines: [{ line: 4 }, { line: 5 }] },
    })
    expect(usersOf('east.axiom')).toEqual(names)
    expect((await run('transfer-user --from none.txt --to west.axiom')).code).toBe(3)
    expect((await run('transfer-user --from bad.txt --all --to west.axiom')).code).toBe(2)
    const stdin = '\ufeffUSER0@example.com\r\n# a remark\n\n  user2@example.com  \nuser0@example.com\n'
    const moved = await run('transfer-user --from - --to west.axiom', { stdin })
    expect([moved.code, ...rowsOf(moved)]).toEqual([0, 'moved user0@example.com', 'moved user2@example.com', ''])
    expect(usersOf('east.axiom')).toEqual(['user1@example.com'])
  })

  it('plans for all, tells who cannot be moved and why, and exits 10 then', async () => {
    await makeUsers(3)
    await run('useradd USER1@example.com --passwordless --site west.axiom')
    const planned = await run('transfer-user --all --to west.axiom --dry-run --json')
    expect([planned.code, JSON.parse(planned.out)]).toMatchObject([
      10,
      [
        { status: 'planned', address: 'user0@example.com', code: null, files: 0 },
        { status: 'failed', address: 'user1@example.com', code: 'ADDRESS_TAKEN', files: null, warnings: [] },
        { status: 'planned', address: 'user2@example.com' },
      ],
    ])
    expect(errorOf(planned).details).toMatchObject({ planned: 2, already: 0, failures: 1 })
    const { code, err } = await run('transfer-user --all --to west.axiom --dry-run')
    expect([code, err]).toEqual([
      10,
      expect.stringMatching(/^would move 2 \(.* KiB\), already there 0, cannot move 1\n/),
    ])
    const moved = await run('transfer-user --all --to west.axiom --yes --max-failures 1 --json')
    expect([moved.code, JSON.parse(moved.out)]).toMatchObject([10, [{ status: 'moved' }, { status: 'failed' }]])
    expect(errorOf(moved).details).toEqual({
      failed: [{ address: 'user1@example.com', code: 'ADDRESS_TAKEN' }],
      moved: 1,
      already: 0,
      failures: 1,
      untried: 1,
      bytes: expect.any(Number),
      movesPerMinute: expect.any(Number),
      longestFreezeMs: expect.any(Number),
    })
    expect(moved.err).toMatch(/^\{/)
  })

  it('takes names that have moved away from the target only where it is told to', async () => {
    await makeUsers(1)
    newSite('north.axiom', cwd).close()
    await run('useradd USER0@example.com --passwordless --site west.axiom')
    await run('transfer-user user0@example.com --to north.axiom --site west.axiom')
    const refused = await run('transfer-user user0@example.com --to west.axiom --json')
    expect([refused.code, errorOf(refused).code]).toEqual([4, 'ADDRESS_MOVED'])
    expect(refused.err).toContain('--reuse-name')
    expect((await run('transfer-user user0@example.com --to west.axiom --reuse-name')).code).toBe(0)
    expect((await run('users --moved --site west.axiom')).out).toBe('')
  })

  it.skipIf(!hasScript)('asks on a terminal, and prints a table there', async () => {
    await makeUsers(2)
    const all = 'transfer-user --all --to west.axiom'
    const no = await converse(all, { cwd, variables, turns: [['Move 2 users from', 'n\n']] })
    expect([no.code, no.screen]).toEqual([2, expect.stringContaining('was not confirmed; nothing was changed')])
    const yes = await converse(all, { cwd, variables, turns: [['Move 2 users from', 'y\n']], columns: 120 })
    expect(yes.code).toBe(0)
    expect(yes.screen).toMatch(/STATUS\s+ADDRESS[^\n]*\n.*moved\s+user0@example\.com/)
  })
})

describe('a batch that was killed in the middle of moves', () => {
  it('goes on when the same command is given again, as often as it takes, and everybody arrives once', async () => {
    const names = await makeUsers(9)
    const words = 'transfer-user --all --to west.axiom --yes --max-parallel 3 --jsonl'
    let killed = 0
    for (let attempt = 0; ; attempt += 1) {
      expect(attempt).toBeLessThan(12)
      // Each time after one row more, so that the moves under way are caught in ever other steps.
      const { code, signal, err } = await spawned(words, { started: child => killAfterRows(child, 2 * attempt + 1) })
      expect([...new Set([...usersOf('west.axiom'), ...accountsOf('east.axiom')])]).toHaveLength(9)
      if (signal === 'SIGKILL') killed += 1
      else {
        expect([code, err]).toEqual([0, expect.stringMatching(/^moved \d+, already there \d+, failed 0, not tried 0/)])
        break
      }
    }
    expect(killed).toBeGreaterThan(1)
    expectAllMoved(names)
  })
})

function killAfterRows(child: Parameters<NonNullable<RunOptions['started']>>[0], rows: number): void {
  let moved = 0
  child.stdout?.on('data', (chunk: Buffer) => {
    moved += chunk.toString('utf8').split('"status":"moved"').length - 1
    if (moved >= rows) child.kill('SIGKILL')
  })
}

/** Those who may be under way, so that their stores are not looked into. */
function accountsOf(name: string): readonly (string | null)[] {
  using site = Site.open(join(cwd, name), { readonly: true })
  return [...listAccounts(site)].map(({ address }) => address)
}

describe('Ctrl-C in a batch', () => {
  it('ends with 130, the report so far and what to run; the same command goes on', async () => {
    const names = await makeUsers(10)
    const words = 'transfer-user --all --to west.axiom --yes --max-parallel 2 --jsonl'
    const stopped = await spawned(words, { started: child => child.stdout?.once('data', () => child.kill('SIGINT')) })
    expect(stopped.code).toBe(130)
    expect(stopped.err).toMatch(
      /^\nstopping: moves under way are undone unless they are decided; give the same command/,
    )
    expect(stopped.err).toMatch(/\nmoved \d+, already there 0, failed 0, (stopped \d, )?not tried [1-9];/)
    expect(errorOf(stopped)).toMatchObject({ code: 'INTERRUPTED', hint: expect.stringContaining('same command again') })
    const rows = stopped.out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { status: string; address: string })
    const moved = rows.filter(({ status }) => status === 'moved').map(({ address }) => address)
    expect([...usersOf('west.axiom')].sort()).toEqual([...moved].sort())
    expect(usersOf('east.axiom')).toHaveLength(10 - moved.length)
    expect(await spawned(words)).toMatchObject({ code: 0 })
    expectAllMoved(names)
  })
})

describe('a user who goes to and fro', () => {
  it('is moved ten times: epochs rise, tombstones of their own vanish, each old store is kept for itself', async () => {
    await makeUsers(1)
    {
      using store = openCarried(join(cwd, 'east.axiom/files/account/example.com/user0.axiom'))
      store.create(TimedEvent, { time: LATER, runnable: store.create(Job, { name: 'later' }) })
    }
    const quarantines = new Set<string>()
    for (let epoch = 1; epoch <= 10; epoch += 1) {
      const [from, to] = epoch % 2 === 1 ? ['east.axiom', 'west.axiom'] : ['west.axiom', 'east.axiom']
      const moved = await run(`transfer-user user0@example.com --site ${from} --to ${to} --json`)
      const row = JSON.parse(moved.out) as { epoch: number; quarantine: string }
      expect([moved.code, row.epoch]).toEqual([0, epoch])
      expect(existsSync(join(row.quarantine, 'db.sqlite'))).toBe(true)
      quarantines.add(row.quarantine)
      expect([usersOf(from), usersOf(to)]).toEqual([[], ['user0@example.com']])
      expect([stonesOf(from), stonesOf(to)]).toEqual([[`user0@example.com ${epoch}`], []])
      expect([hooksOf(from), hooksOf(to)]).toEqual([[], [LATER.toIso()]])
    }
    expect(quarantines.size).toBe(10)
    const { out } = await run('user user0@example.com --json')
    expect(JSON.parse(out)).toMatchObject({
      epoch: 10,
      store: join(cwd, 'east.axiom/files/account/example.com/user0.axiom'),
      storeState: 'active',
    })
    expect((await run('check')).code).toBe(0)
  })
})

function stonesOf(name: string): readonly string[] {
  using site = Site.open(join(cwd, name), { readonly: true })
  return [...listTombstones(site)].map(({ address, epoch }) => `${address} ${epoch}`)
}

/** When a site will look into the stores of its users. */
function hooksOf(name: string): readonly string[] {
  using site = Site.open(join(cwd, name), { readonly: true })
  const hooks = site.store.query(SubSchedulerParentHook).toArray()
  return hooks.map(({ subStore }) => scheduledTick(site.store, subStore as SubStore)?.toIso() ?? 'never')
}

describe('whoever has moved', () => {
  it('is found by every verb that names them, and listed', async () => {
    await makeUsers(2)
    newSite('north.axiom', cwd).close()
    await run('transfer-user user0@example.com --to west.axiom')
    await run('transfer-user user0@example.com --to north.axiom --site west.axiom')
    for (const verb of ['user', 'login-method list', 'usermod --disable', 'offering endow notes:x']) {
      const [words = '', operand = ''] = verb.split(/ (?=notes)/)
      const told = await run(`${words} user0@example.com ${operand} --json`)
      expect([verb, told.code, errorOf(told)]).toMatchObject([
        verb,
        3,
        {
          code: 'MOVED',
          details: {
            target: join(cwd, 'north.axiom'),
            epoch: 2,
            end: 'arrived',
            via: [{ path: join(cwd, 'west.axiom'), epoch: 1 }],
          },
        },
      ])
    }
    const { out } = await run('users --moved --json')
    expect(JSON.parse(out)).toMatchObject([{ address: 'user0@example.com', target: join(cwd, 'west.axiom'), epoch: 1 }])
    expect((await run('users --moved --disabled')).code).toBe(2)
  })
})
