import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findAccountByAddress } from '../../../src/accounts/find-account.js'
import { parseExistingAddress } from '../../../src/base/address.js'
import { Site } from '../../../src/site/site.js'
import { listTransfers } from '../../../src/site/transfers-journal.js'
import { readFence } from '../../../src/store-engine/database/write-fence.js'
import type { Moment, StepName, StepOfProtocol } from '../../../src/transfer/protocol/protocol.js'
import { FORWARD, PROTOCOL } from '../../../src/transfer/protocol/protocol.js'
import {
  hasUnfinishedTransfers,
  recoverTransfers,
  resumeTransfer,
} from '../../../src/transfer/protocol/recover-transfers.js'
import { discard } from '../../../src/transfer/steps/discard-arrival.js'
import { abort } from '../../../src/transfer/steps/seal-and-decide.js'
import { end, unseal } from '../../../src/transfer/steps/undo-at-source.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { addUser, directoryOfUser, keep, newSite, storeOfUser } from '../two-sites.js'

const ALICE = parseExistingAddress('alice@example.com')
const COMMITTED = FORWARD.indexOf('commit')

/** Two sites whose move was killed; closed, as the dead process left them. */
function killedAt(step: StepName, moment: Moment): { readonly from: string; readonly to: string } {
  const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
  addUser(source, 'alice@example.com')
  const store = storeOfUser(source, 'alice@example.com')
  store.transact(() => {
    store.sql.exec('CREATE TABLE mantissa_note (text)')
    store.sql.run("INSERT INTO mantissa_note VALUES ('acknowledged')")
  })
  const file = store.newFile('letter')
  file.write(Buffer.from('acknowledged'))
  file.close()
  for (const open of [store, source, target]) open.close()
  const script = join(import.meta.dirname, 'killed-transfer.mjs')
  const child = spawnSync(process.execPath, [script, source.directory, target.directory, step, moment], {
    encoding: 'utf8',
  })
  expect(child.signal, child.stderr).toBe('SIGKILL')
  return { from: source.directory, to: target.directory }
}

/** Exactly one site has the user, whole and writable; nothing is left over. */
function expectWhole(from: Site, to: Site, where: 'source' | 'target'): void {
  const [here, there] = where === 'source' ? [from, to] : [to, from]
  expect(findAccountByAddress(here, ALICE)).toBeDefined()
  expect(findAccountByAddress(there, ALICE)).toBeUndefined()
  const store = storeOfUser(here, 'alice@example.com')
  expect(readFence(store)?.state ?? 'active').toBe('active')
  expect(store.sql.pluck('SELECT text FROM mantissa_note')).toEqual(['acknowledged'])
  expect(existsSync(join(directoryOfUser(here, 'alice@example.com'), 'files/letter'))).toBe(true)
  store.transact(() => store.sql.run("INSERT INTO mantissa_note VALUES ('still writable')"))
  expect(here.store.sql.pluck('SELECT name FROM mantissa_reservation')).toEqual([])
  expect(there.store.sql.pluck('SELECT name FROM mantissa_reservation')).toEqual([])
  expect(existsSync(join(there.directory, 'files/account/example.com/alice.axiom'))).toBe(false)
  expect(readdirSync(join(to.directory, 'temp'))).toEqual([])
  expect(readdirSync(join(from.directory, 'temp')).filter(name => !name.startsWith('moved-'))).toEqual([])
  expect([from, to].map(hasUnfinishedTransfers)).toEqual([false, false])
}

const isEverything = process.env['MANTISSA_TEST_ALL_STEPS'] === '1'
const moments: readonly Moment[] = ['before', 'within', 'after']
const everyKill = FORWARD.flatMap(step => {
  const known: StepOfProtocol = PROTOCOL.find(({ name }) => name === step) ?? PROTOCOL[0]
  return moments
    .filter(moment => moment !== 'within' || known.isDivisible === true)
    .map(moment => [step, moment] as const)
})
const someKills: readonly (readonly [StepName, Moment])[] = [
  ['reserve', 'before'],
  ['copy', 'within'],
  ['seal', 'within'],
  ['prepare', 'after'],
  ['commit', 'after'],
  ['place', 'within'],
  ['admit', 'after'],
  ['retire', 'after'],
  ['quarantine', 'within'],
]

describe('a move whose process was killed', () => {
  it.each(isEverything ? everyKill : someKills)(
    '%s (%s): the user exists once, and resuming again changes nothing',
    async (step, moment) => {
      const { from, to } = killedAt(step, moment)
      const where = FORWARD.indexOf(step) > COMMITTED || (step === 'commit' && moment === 'after') ? 'target' : 'source'
      const opened = [keep(Site.open(from)), keep(Site.open(to))] as const
      // Either site may be opened first.
      const order = FORWARD.indexOf(step) % 2 === 0 ? opened : [...opened].reverse()
      for (const site of order) await recoverTransfers(site)
      expectWhole(...opened, where)
      const rows = () =>
        JSON.stringify(
          opened.map(site => listTransfers(site)),
          (_key, value) => String(value),
        )
      const before = rows()
      for (const site of opened) for (const { id } of listTransfers(site)) await resumeTransfer(site, id)
      expect(rows()).toBe(before)
      if (where === 'source') await transferUser(opened[0], ALICE, { to: opened[1] })
      expect(findAccountByAddress(opened[1], ALICE)).toBeDefined()
    },
  )

  it('waits where the target cannot be reached after the commit, and ends when it is back', async () => {
    const { from, to } = killedAt('commit', 'after')
    renameSync(to, `${to}.away`)
    const source = keep(Site.open(from))
    const [waiting] = await recoverTransfers(source)
    expect(waiting).toMatchObject({
      outcome: 'waiting',
      state: 'HANDED_OVER',
      reason: expect.stringContaining('to.axiom'),
    })
    expect(findAccountByAddress(source, ALICE)).toBeUndefined()
    renameSync(`${to}.away`, to)
    expect((await recoverTransfers(source))[0]).toMatchObject({ outcome: 'finished' })
    expectWhole(source, keep(Site.open(to)), 'target')
  })

  it('leaves the user writable where the target is lost before the commit', async () => {
    const { from, to } = killedAt('prepare', 'after')
    rmSync(to, { recursive: true })
    const source = keep(Site.open(from))
    const [row] = await recoverTransfers(source)
    expect(row).toMatchObject({ decision: 'abort', state: 'CLOSED' })
    const store = storeOfUser(source, 'alice@example.com')
    expect(readFence(store)).toMatchObject({ state: 'active', epoch: 2 })
  })

  it('a target alone keeps a prepared copy until the source can be asked', async () => {
    const { from, to } = killedAt('prepare', 'after')
    renameSync(from, `${from}.away`)
    const target = keep(Site.open(to))
    expect((await recoverTransfers(target))[0]).toMatchObject({ outcome: 'waiting', state: 'PREPARED' })
    renameSync(`${from}.away`, from)
    await recoverTransfers(target)
    expectWhole(keep(Site.open(from)), target, 'source')
  })

  it('is left alone while its process lives', async () => {
    const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
    addUser(source, 'alice@example.com')
    const seen: unknown[] = []
    await transferUser(source, ALICE, {
      to: target,
      observe: (step, moment) => {
        if (step === 'verify' && moment === 'after')
          seen.push(recoverTransfers(source).then(outcomes => outcomes.map(({ outcome }) => outcome)))
      },
    })
    expect(await Promise.all(seen)).toEqual([['running']])
  })
})

describe('a move that fails', () => {
  it.each(['reserve', 'stage', 'copy', 'seal', 'verify', 'prepare', 'commit'] as const)(
    'in %s is undone at once',
    async failing => {
      const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
      addUser(source, 'alice@example.com')
      const move = transferUser(source, ALICE, {
        to: target,
        observe: (step, moment) => {
          if (step === failing && moment === 'before') throw new Error('no more')
        },
      })
      await expect(move).rejects.toMatchObject({ code: 'TRANSFER_ROLLED_BACK', message: /no more/ })
      expect(findAccountByAddress(target, ALICE)).toBeUndefined()
      expect(readFence(storeOfUser(source, 'alice@example.com'))?.state).toBe('active')
      expect(readdirSync(join(target.directory, 'temp'))).toEqual([])
      expect([source, target].map(hasUnfinishedTransfers)).toEqual([false, false])
      await transferUser(source, ALICE, { to: target })
    },
  )

  it('after the commit is pending, and the next opening ends it', async () => {
    const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
    addUser(source, 'alice@example.com')
    const move = transferUser(source, ALICE, {
      to: target,
      observe: (step, moment) => {
        if (step === 'admit' && moment === 'before') throw new Error('no more')
      },
    })
    await expect(move).rejects.toMatchObject({ code: 'TRANSFER_PENDING' })
    await recoverTransfers(target)
    expect(findAccountByAddress(target, ALICE)).toBeDefined()
    expect([source, target].map(hasUnfinishedTransfers)).toEqual([false, false])
  })

  it('when its signal is aborted before the commit', async () => {
    const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
    addUser(source, 'alice@example.com')
    const stop = new AbortController()
    const move = transferUser(source, ALICE, {
      to: target,
      signal: stop.signal,
      observe: step => step === 'seal' && stop.abort(),
    })
    await expect(move).rejects.toMatchObject({ code: 'TRANSFER_ROLLED_BACK' })
    expect(findAccountByAddress(source, ALICE)).toBeDefined()
  })

  it('when somebody has decided to abort it, even just before its commit', async () => {
    const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
    addUser(source, 'alice@example.com')
    const move = transferUser(source, ALICE, {
      to: target,
      observe: (step, moment, id) => {
        if (step === 'commit' && moment === 'before')
          expect(abort({ id, source, target, observe: () => {} }, 'somebody else')).toBe('abort')
      },
    })
    await expect(move).rejects.toMatchObject({ code: 'TRANSFER_ABORTED' })
    expect(readFence(storeOfUser(source, 'alice@example.com'))).toMatchObject({ state: 'active', epoch: 2 })
    expect(findAccountByAddress(target, ALICE)).toBeUndefined()
  })

  it('cannot seal a store whose transfer was aborted and closed while it slept', async () => {
    const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
    addUser(source, 'alice@example.com')
    const move = transferUser(source, ALICE, {
      to: target,
      observe: (step, moment, id) => {
        if (step !== 'seal' || moment !== 'before') return
        const somebodyElse = { id, source, target, observe: () => {} }
        abort(somebodyElse, 'it slept')
        for (const undo of [unseal, end, discard]) undo(somebodyElse)
      },
    })
    await expect(move).rejects.toMatchObject({ code: 'TRANSFER_ABORTED' })
    expect(readFence(storeOfUser(source, 'alice@example.com'))).toMatchObject({ state: 'active', epoch: 2 })
    await transferUser(source, ALICE, { to: target })
  })

  it('two users move at once', async () => {
    const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
    const names = ['alice@example.com', 'bob@example.com', 'carol@example.com']
    for (const name of names) addUser(source, name)
    await Promise.all(names.map(name => transferUser(source, parseExistingAddress(name), { to: target })))
    for (const name of names) expect(findAccountByAddress(target, parseExistingAddress(name))).toBeDefined()
  })

  it('one user moved twice at once arrives once', async () => {
    const [source, one, two] = [newSite('from.axiom'), newSite('one.axiom'), newSite('two.axiom')]
    addUser(source, 'alice@example.com')
    const outcomes = await Promise.allSettled([one, two].map(to => transferUser(source, ALICE, { to })))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect([one, two].filter(site => findAccountByAddress(site, ALICE) !== undefined)).toHaveLength(1)
  })
})
