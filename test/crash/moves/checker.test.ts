import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { parseExistingAddress } from '../../../src/base/address.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { addUser, newSite, storeOfUser } from '../../transfer/two-sites.js'
import { findWrongs, fingerprint } from './checker.mjs'
import { lastPath, notePath, noteText } from './note-files.mjs'

const NAME = 'alice@example.com'
const STORE = 'files/account/example.com/alice.axiom'

interface Moved {
  /** Where she was, with her old store in quarantine. */
  readonly from: string
  /** Where she is. */
  readonly to: string
  readonly wrongs: () => string[]
}

const TOLD = { a: { rows: [1, 2], files: [3], last: 4 } }

/** Two closed sites between which alice has moved, with what a writer wrote. */
async function moved(): Promise<Moved> {
  const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
  addUser(source, NAME)
  const store = storeOfUser(source, NAME)
  store.transact(() => {
    store.sql.exec('CREATE TABLE mantissa_note (writer, number)')
    for (const number of [1, 2]) store.sql.run('INSERT INTO mantissa_note VALUES (?, ?)', 'a', number)
  })
  for (const [path, number] of [
    [notePath('a', 3), 3],
    [lastPath('a'), 4],
  ] as const) {
    const file = store.newFile(...path)
    file.write(noteText('a', number))
    file.close()
  }
  store.close()
  await transferUser(source, parseExistingAddress(NAME), { to: target })
  const [from, to] = [source.directory, target.directory]
  for (const site of [source, target]) site.close()
  return { from, to, wrongs: () => findWrongs([from, to], { names: [NAME], notes: TOLD }) }
}

function change(directory: string, sql: string): void {
  const database = new Database(join(directory, 'db.sqlite'))
  database.exec(sql)
  database.close()
}

describe('the checker of moves', () => {
  it('finds nothing wrong where all is well, and tells when anything was changed', async () => {
    const { from, to, wrongs } = await moved()
    expect(wrongs()).toEqual([])
    const before = fingerprint([from, to])
    expect(fingerprint([from, to])).toBe(before)
    change(from, 'UPDATE mantissa_transfer SET updated = updated + 1')
    expect(fingerprint([from, to])).not.toBe(before)
  })

  /** What is done to the sites, and what must be said of it. */
  const tampering: Readonly<Record<string, [(sites: Moved) => void, RegExp]>> = {
    'two active stores': [
      ({ from, to }) => cpSync(join(to, STORE), join(from, STORE), { recursive: true }),
      /has 2 active stores/,
    ],
    'no active store': [
      ({ to }) => change(join(to, STORE), "UPDATE mantissa_fence SET state = 'retired'"),
      /has 0 active/,
    ],
    'a store that is still sealed': [
      ({ to }) => change(join(to, STORE), "UPDATE mantissa_fence SET state = 'sealed'"),
      /is sealed, not active/,
    ],
    'an older store at a higher epoch': [
      ({ from }) => forQuarantine(from, path => change(path, 'UPDATE mantissa_fence SET epoch = 9')),
      /is at epoch 9/,
    ],
    'a store of another owner': [
      ({ to }) => change(join(to, STORE), "UPDATE mantissa_fence SET owner = 'x'"),
      /is owned by x/,
    ],
    'a lost row': [
      ({ to }) => change(join(to, STORE), 'DELETE FROM mantissa_note WHERE number = 2'),
      /^lost: row a 2$/,
    ],
    'a doubled row': [
      ({ to }) => change(join(to, STORE), "INSERT INTO mantissa_note VALUES ('a', 1)"),
      /row a 1 is there 2 times/,
    ],
    'a row that was written to the old store': [
      ({ from }) => forQuarantine(from, path => change(path, "INSERT INTO mantissa_note VALUES ('a', 7)")),
      /row a 7 is in .* only/,
    ],
    'a lost file': [({ to }) => rmSync(join(to, STORE, 'files', ...notePath('a', 3))), /^lost: file a 3$/],
    'half a file': [
      ({ to }) => writeFileSync(join(to, STORE, 'files', ...notePath('a', 3)), 'a 3\n'),
      /is not what was written/,
    ],
    'an older version of a file': [
      ({ to }) => writeFileSync(join(to, STORE, 'files', ...lastPath('a')), noteText('a', 3)),
      /holds 3, acknowledged was 4/,
    ],
    'a name in both sites': [({ from }) => addAccount(from), /alice@example.com leads to account 99 of .* and account/],
    'a name that leads nowhere': [({ to }) => change(to, 'DELETE FROM item_login_method_v2'), /leads to no account/],
    'an account without its directory': [
      ({ to }) => rmSync(join(to, STORE), { recursive: true }),
      /has lost its store files\/account/,
    ],
    'a copy of the account that says something else': [
      ({ to }) => change(join(to, STORE), 'UPDATE item_login_v3 SET disabled = 1'),
      /the copy in .* differs/,
    ],
    'a stray copy': [({ to }) => mkdirSync(join(to, 'temp/incoming-X')), /temp\/incoming-X is left over/],
    'a stray store': [({ from }) => mkdirSync(join(from, `files/account/example.com/.alice.axiom.00`)), /is left over/],
    'a quarantine that is gone': [
      ({ from }) => forQuarantine(from, path => rmSync(path, { recursive: true })),
      /is gone/,
    ],
    'a reservation': [
      ({ to }) => change(to, "INSERT INTO mantissa_reservation VALUES ('address', 'x', 'y', 0)"),
      /still holds x for y/,
    ],
    'a deed': [
      ({ to }) => change(to, "INSERT INTO mantissa_deed VALUES ('i', 'create', '{}', 's', 0, NULL)"),
      /has not ended create i/,
    ],
    'an open transfer': [({ to }) => change(to, 'UPDATE mantissa_transfer SET is_open = 1'), /has not ended transfer/],
    'journals that tell different things': [
      ({ from }) => change(from, "UPDATE mantissa_transfer SET decision = 'abort'"),
      /was decided to be abort, and the target is CLOSED/,
    ],
    'a missing tombstone': [({ from }) => change(from, 'DELETE FROM mantissa_tombstone'), /does not tell where/],
    'a tombstone of somebody who is there': [
      ({ to }) =>
        change(to, `INSERT INTO mantissa_tombstone VALUES ('${NAME}', '${NAME}', 's', 1, NULL, NULL, NULL, NULL, 0)`),
      /and a tombstone/,
    ],
  }

  it.each(Object.keys(tampering))('finds %s', async what => {
    const [tamper, sentence] = tampering[what] as [(sites: Moved) => void, RegExp]
    const sites = await moved()
    tamper(sites)
    expect(sites.wrongs()).toContainEqual(expect.stringMatching(sentence))
  })

  it('finds an account that does not say what was acknowledged', async () => {
    const { from, to } = await moved()
    const wrongs = (disabled: boolean | boolean[]) =>
      findWrongs([from, to], { names: [], accounts: { [NAME]: { disabled } } })
    expect(wrongs(true)).toEqual([`${NAME} has disabled false, acknowledged was true`])
    expect(wrongs([true, false])).toEqual([])
  })

  it('lets a directory pass that check names', async () => {
    const { from, to } = await moved()
    mkdirSync(join(to, 'temp/creating-X'))
    const tellsOf = (site: string) => (site === to ? 'temp/creating-X is left of a deed that has ended' : '')
    expect(findWrongs([from, to], { names: [], tellsOf })).toEqual([])
  })
})

function forQuarantine(site: string, use: (directory: string) => void): void {
  const database = new Database(join(site, 'db.sqlite'))
  const ids = database.prepare('SELECT id FROM mantissa_transfer').pluck().all()
  database.close()
  for (const id of ids) use(join(site, 'temp', `moved-${id}`))
}

function addAccount(site: string): void {
  change(
    site,
    `INSERT INTO item_login_v3 (oid) VALUES (99);
      INSERT INTO item_login_method_v2 (oid, account, localpart, domain) VALUES (98, 99, 'Alice', 'example.com')`,
  )
}
