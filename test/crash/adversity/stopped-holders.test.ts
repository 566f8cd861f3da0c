import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { findAccountByAddress } from '../../../src/accounts/find-account.js'
import { parseExistingAddress } from '../../../src/base/address.js'
import { Site } from '../../../src/site/site.js'
import { recoverTransfers } from '../../../src/transfer/protocol/recover-transfers.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { mantissa } from '../../support/mantissa.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { StoppedProcess } from '../../transfer/protocol/stopped-process.js'
import { addUser, directoryOfUser, keep, newSite, storeOfUser } from '../../transfer/two-sites.js'
import { findWrongs } from '../moves/checker.mjs'
import { NOTE_TABLE } from '../moves/note-files.mjs'

const ALICE = parseExistingAddress('alice@example.com')
const script = join(import.meta.dirname, 'stopped-holder.mjs')
const acknowledged = { names: ['alice@example.com'], notes: { holder: { rows: [1], files: [], last: undefined } } }

/** Two sites, alice in the first, with a table that she writes. */
function twoSites(cwd = temporaryDirectory()): readonly [Site, Site] {
  const sites = [newSite('source.axiom', cwd), newSite('target.axiom', cwd)] as const
  addUser(sites[0], 'alice@example.com')
  const store = storeOfUser(sites[0], 'alice@example.com')
  store.transact(() => store.sql.exec(`CREATE TABLE ${NOTE_TABLE} (writer, number)`))
  store.close()
  return sites
}

it('a writer that stands still in the middle of writing her store is named, and keeps what it writes', async () => {
  const cwd = temporaryDirectory()
  const [source, target] = twoSites(cwd)
  const home = directoryOfUser(source, 'alice@example.com')
  for (const site of [source, target]) site.close()
  const holder = await StoppedProcess.start(script, [home, `INSERT INTO ${NOTE_TABLE} VALUES ('holder', 1)`])
  const run = (words: string) => mantissa(`${words} --site source.axiom --json`, { cwd })
  const refused = await run('transfer-user alice@example.com --to target.axiom')
  expect(refused.err).toMatch(/"(STORE_BUSY|TRANSFER_PENDING)"/)
  expect(refused.err).toMatch(/held by .*node.* \(pid \d+\)/)
  expect([7, 8]).toContain(refused.code)
  expect(await holder.wake()).toEqual({})
  expect(await run('transfer resume')).toMatchObject({ code: 0 })
  expect(await run('transfer-user alice@example.com --to target.axiom')).toMatchObject({ code: 0 })
  expect(findWrongs([source.directory, target.directory], acknowledged)).toEqual([])
})

it.each([
  ['reserve', 'it is undone'],
  ['prepare', 'it is undone'],
  ['admit', 'it is decided, and ended later'],
] as const)('a process that stands still while it writes the target, from before %s: %s', async (step, end) => {
  const [source, target] = twoSites().map(site => {
    site.close()
    return keep(Site.open(site.directory, { busyTimeout: 200 }))
  }) as [Site, Site]
  const isDecided = step === 'admit'
  let holder: ChildProcess | undefined
  const move = transferUser(source, ALICE, {
    to: target,
    observe: (name, moment) => {
      if (name === step && moment === 'before') holder = holdWriteLock(target.directory)
    },
  })
  await expect(move).rejects.toMatchObject({
    code: isDecided ? 'TRANSFER_PENDING' : expect.stringMatching(/^(STORE_BUSY|TRANSFER_PENDING)$/),
    message: expect.stringMatching(/target\.axiom|could not be undone/),
  })
  expect(findAccountByAddress(source, ALICE) === undefined, end).toBe(isDecided)
  if (!isDecided) {
    using store = storeOfUser(source, 'alice@example.com')
    store.transact(() => store.sql.run(`INSERT INTO ${NOTE_TABLE} VALUES ('holder', 1)`))
  }
  for (const { outcome } of await recoverTransfers(source)) expect(outcome).toMatch(/^(failed|waiting|finished)$/)
  await wake(holder)
  for (const site of [target, source]) await recoverTransfers(site)
  expect(findAccountByAddress(target, ALICE) !== undefined).toBe(isDecided)
  for (const site of [source, target]) site.close()
  const notes = isDecided ? {} : acknowledged.notes
  expect(findWrongs([source.directory, target.directory], { ...acknowledged, notes })).toEqual([])
})

/** Starts a process and waits until it stands still with the write lock; meanwhile nothing else happens here. */
function holdWriteLock(site: string): ChildProcess {
  const statement = "INSERT INTO mantissa_setting VALUES ('held', 'true')"
  const child = spawn(process.execPath, [script, site, statement], { stdio: ['ignore', 'ignore', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let patience = 1000; patience > 0; patience -= 1) {
    if (/\) T /.test(readFileSync(`/proc/${child.pid}/stat`, 'utf8'))) return child
    Atomics.wait(pause, 0, 0, 10)
  }
  throw new Error('it does not stand still')
}

async function wake(child: ChildProcess | undefined): Promise<void> {
  child?.kill('SIGCONT')
  if (child !== undefined && child.exitCode === null) await once(child, 'close')
  expect(child?.exitCode).toBe(0)
}
