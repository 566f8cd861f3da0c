import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findAccountByAddress } from '../../../src/accounts/find-account.js'
import { parseExistingAddress } from '../../../src/base/address.js'
import { Site } from '../../../src/site/site.js'
import { readFence } from '../../../src/store-engine/database/write-fence.js'
import { importUser } from '../../../src/transfer/arriving/import-user.js'
import { abortTransfer } from '../../../src/transfer/protocol/abort-transfer.js'
import type { Moment, StepName, StepOfProtocol } from '../../../src/transfer/protocol/protocol.js'
import { FORWARD, PROTOCOL } from '../../../src/transfer/protocol/protocol.js'
import { recoverTransfers } from '../../../src/transfer/protocol/recover-transfers.js'
import { planPurge } from '../../../src/transfer/purging/plan-purge.js'
import { purgeTransfer } from '../../../src/transfer/purging/purge-transfer.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { addUser, directoryOfUser, dump, keep, newSite, storeOfUser } from '../two-sites.js'
import { StoppedProcess } from './stopped-process.js'

const ALICE_TEXT = 'alice@example.com'
const ALICE = parseExistingAddress(ALICE_TEXT)

const isEverything = process.env['MANTISSA_TEST_ALL_STEPS'] === '1'

/** Where a move can stop while its user cannot write, from one step to another. */
function everyStop(first: StepName, last: StepName): readonly (readonly [StepName, Moment])[] {
  const steps = FORWARD.slice(FORWARD.indexOf(first), FORWARD.indexOf(last) + 1)
  return steps.flatMap(step => {
    const known: StepOfProtocol = PROTOCOL.find(({ name }) => name === step) ?? PROTOCOL[0]
    const isDivisible = known.isDivisible === true
    const moments = ['before', ...(isDivisible ? ['within'] : []), ...(step === last ? [] : ['after'])] as Moment[]
    return moments.filter(moment => step !== 'seal' || moment !== 'before').map(moment => [step, moment] as const)
  })
}

interface Answer {
  readonly code?: string
  readonly message?: string
  readonly completedByOthers?: boolean
}

/** A move from `source` to `target` whose process stands still; both sites are open here. */
async function stoppedAt(step: StepName | 'rename', moment: string) {
  const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
  addUser(source, ALICE_TEXT)
  writeNote(source, 'before')
  const script = join(import.meta.dirname, 'stopped-transfer.mjs')
  const process = await StoppedProcess.start(script, [source.directory, target.directory, step, moment])
  return { source, target, process }
}

/** The same sites, opened by somebody who does not wait long for others. */
function impatiently(...sites: readonly Site[]): readonly Site[] {
  return sites.map(({ directory }) => keep(Site.open(directory, { busyTimeout: 50 })))
}

function writeNote(site: Site, text: string): void {
  using store = openStore(site)
  store.transact(() => {
    store.sql.exec('CREATE TABLE IF NOT EXISTS mantissa_note (text)')
    store.sql.run('INSERT INTO mantissa_note VALUES (?)', text)
  })
}

function openStore(site: Site) {
  return storeOfUser(site, ALICE_TEXT)
}

/** Everything that is in sites and in the store of their user, and which directories there are. */
function everything(...sites: readonly Site[]) {
  return sites.map(site => {
    const home = findAccountByAddress(site, ALICE) === undefined ? undefined : directoryOfUser(site, ALICE_TEXT)
    using store = home === undefined ? undefined : openStore(site)
    return {
      site: dump(site.store),
      home,
      store: store && dump(store),
      fence: store && readFence(store),
      temporary: existsSync(join(site.directory, 'temp')) ? readdirSync(join(site.directory, 'temp')).sort() : [],
    }
  })
}

async function purgeAll(site: Site): Promise<void> {
  for (const store of planPurge(site, { olderThanMs: 0 })) await purgeTransfer(site, store)
}

describe('a coordinator that stands still while its user cannot write', () => {
  const someUndecided: readonly (readonly [StepName, Moment])[] = [
    ['seal', 'within'],
    ['prepare', 'before'],
    ['commit', 'before'],
  ]

  it.each(isEverything ? everyStop('seal', 'commit') : someUndecided)(
    '%s (%s): others undo it, and it changes nothing when it wakes up',
    async (step, moment) => {
      const { source, target, process } = await stoppedAt(step, moment)
      const [recovered] = await recoverTransfers(source)
      expect(recovered).toMatchObject({ outcome: 'finished', decision: 'abort', overtaken: true, state: 'CLOSED' })
      writeNote(source, 'as soon as it was undone')
      // The user moves on, and comes back to the same path.
      const third = newSite('third.axiom')
      await transferUser(source, ALICE, { to: third })
      await purgeAll(source)
      await transferUser(third, ALICE, { to: source })
      const before = everything(source, target, third)
      expect(await process.wake<Answer>()).toMatchObject({ code: 'TRANSFER_ABORTED', message: /stands still/ })
      expect(everything(source, target, third)).toEqual(before)
      writeNote(source, 'after all')
    },
  )

  const someDecided: readonly (readonly [StepName, Moment])[] = [
    ['hand-over', 'within'],
    ['place', 'within'],
    ['admit', 'within'],
    ['activate', 'before'],
    ['probe', 'before'],
    ['retire', 'before'],
    ['quarantine', 'before'],
  ]

  it.each(isEverything ? everyStop('hand-over', 'close') : someDecided)(
    '%s (%s): others complete it, and it succeeds when it wakes up',
    async (step, moment) => {
      const { source, target, process } = await stoppedAt(step, moment)
      const [recovered] = await recoverTransfers(target)
      expect(recovered).toMatchObject({ outcome: 'finished', overtaken: true })
      writeNote(target, 'as soon as it was completed')
      await purgeAll(source)
      // The user comes back to the very path that they have left.
      await transferUser(target, ALICE, { to: source })
      await purgeAll(target)
      const before = everything(source, target)
      expect(await process.wake<Answer>()).toEqual({ completedByOthers: true })
      expect(everything(source, target)).toEqual(before)
      writeNote(source, 'after all')
    },
  )
})

describe('an export with remove that stands still', () => {
  async function stopped(step: StepName, moment: Moment) {
    const site = newSite()
    addUser(site, ALICE_TEXT)
    const directory = temporaryDirectory()
    const script = join(import.meta.dirname, 'stopped-export.mjs')
    const words = [site.directory, join(directory, 'alice.tar.gz'), step, moment]
    return { site, directory, process: await StoppedProcess.start(script, words) }
  }

  it('before its decision is undone by others, and leaves no archive', async () => {
    const { site, directory, process } = await stopped('commit', 'before')
    expect(await recoverTransfers(site)).toMatchObject([{ decision: 'abort', overtaken: true, outcome: 'finished' }])
    const before = everything(site)
    expect(await process.wake<Answer>()).toMatchObject({ code: 'TRANSFER_ABORTED' })
    expect(readdirSync(directory)).toEqual([])
    expect(everything(site)).toEqual(before.map(each => ({ ...each, temporary: [] })))
    writeNote(site, 'after all')
  })

  it('after its decision is completed by others, and says so', async () => {
    const { site, directory, process } = await stopped('commit', 'after')
    expect(await recoverTransfers(site)).toMatchObject([{ decision: 'commit', overtaken: true, outcome: 'finished' }])
    expect(readdirSync(directory)).toEqual(['alice.tar.gz'])
    await importUser(site, { kind: 'archive', input: createReadStream(join(directory, 'alice.tar.gz')) })
    expect(await process.wake<Answer>()).toMatchObject({ warnings: [expect.stringContaining('stood still')] })
    writeNote(site, 'after all')
  })
})

describe('a coordinator that stands still before it has begun', () => {
  it('does not begin a move of a user who has left and come back', async () => {
    const { source, target, process } = await stoppedAt('plan', 'before')
    const third = newSite('third.axiom')
    await transferUser(source, ALICE, { to: third })
    await transferUser(third, ALICE, { to: source })
    const before = everything(source, target, third)
    expect(await process.wake<Answer>()).toMatchObject({ code: 'ACCOUNT_CHANGED' })
    expect(everything(source, target, third)).toEqual(before)
  })
})

describe('a coordinator that stands still before the seal', () => {
  it('is left alone, since nobody waits for it, until somebody aborts it', async () => {
    const { source, target, process } = await stoppedAt('copy', 'within')
    expect(await recoverTransfers(target)).toMatchObject([{ outcome: 'stalled', overtaken: false }])
    writeNote(source, 'meanwhile')
    const [stalled] = await recoverTransfers(source)
    expect(stalled).toMatchObject({ outcome: 'stalled', reason: /transfer abort/ })
    expect(await abortTransfer(source, String(stalled?.id))).toMatchObject({ outcome: 'finished', decision: 'abort' })
    const before = everything(source, target)
    expect(await process.wake<Answer>()).toMatchObject({ code: 'TRANSFER_ABORTED', message: /administrator/ })
    expect(everything(source, target)).toEqual(before)
  })
})

describe('a coordinator that stands still between looking at a directory and renaming it', () => {
  it.each([
    ['the old store', 'moved-'],
    ['the copy', 'incoming-'],
  ])('%s: nobody passes it, and it goes on when it wakes up', async (_what, name) => {
    const { source, target, process } = await stoppedAt('rename', name)
    const sites = impatiently(source, target)
    for (const site of sites) expect((await recoverTransfers(site))[0]?.outcome).toBe('failed')
    expect(await process.wake<Answer>()).toMatchObject({ completedByOthers: false })
    expect(findAccountByAddress(target, ALICE)).toBeDefined()
    writeNote(target, 'after all')
    for (const site of [source, target]) expect(await recoverTransfers(site)).toEqual([])
  })
})
