import { spawnSync } from 'node:child_process'
import { createReadStream, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { addSource } from '../../../src/offerings/add-source.js'
import { installOffering } from '../../../src/offerings/install-offering.js'
import { findInstalledOffering } from '../../../src/offerings/installed-offerings.js'
import { defineOffering } from '../../../src/offerings/offering.js'
import { Site } from '../../../src/site/site.js'
import { listTransfers } from '../../../src/site/transfers-journal.js'
import { importUser } from '../../../src/transfer/arriving/import-user.js'
import { exportUser } from '../../../src/transfer/leaving/export-user.js'
import { FORWARD, type Moment, PROTOCOL, type StepName } from '../../../src/transfer/protocol/protocol.js'
import {
  hasUnfinishedTransfers,
  recoverTransfers,
  resumeTransfer,
} from '../../../src/transfer/protocol/recover-transfers.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { mantissa } from '../../support/mantissa.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { keep, newSite } from '../two-sites.js'
import { expectNotes, faultsOf, makePackage, NOTES, siteWithNotes } from './notes-sites.js'

type Kill = readonly [StepName, Moment]

/** Every step of the protocol's own list, so that a new one cannot be forgotten. */
const everyKill: readonly Kill[] = FORWARD.flatMap(step => {
  const isDivisible = PROTOCOL.some(known => known.name === step && 'isDivisible' in known)
  const moments: readonly Moment[] = isDivisible ? ['before', 'within', 'after'] : ['before', 'after']
  return moments.map(moment => [step, moment] as const)
})
/** Around what an application store has and a person's has not. */
const someKills: readonly Kill[] = [
  ['reserve', 'after'],
  ['seal', 'after'],
  ['prepare', 'after'],
  ['commit', 'after'],
  ['hand-over', 'within'],
  ['hand-over', 'after'],
  ['admit', 'within'],
  ['admit', 'after'],
]
const isEverything = process.env['MANTISSA_TEST_ALL_STEPS'] === '1'

function kill(from: string, to: string, [step, moment]: Kill, ...more: readonly string[]): void {
  const script = join(import.meta.dirname, 'killed-application.mjs')
  const child = spawnSync(process.execPath, [script, from, to, step, moment, ...more], { encoding: 'utf8' })
  expect(child.signal, child.stderr).toBe('SIGKILL')
}

function isCommitted([step, moment]: Kill): boolean {
  return FORWARD.indexOf(step) > FORWARD.indexOf('commit') || (step === 'commit' && moment === 'after')
}

async function expectSettled(...sites: readonly Site[]): Promise<void> {
  for (const site of sites) {
    expect(hasUnfinishedTransfers(site)).toBe(false)
    expect(site.store.sql.pluck('SELECT name FROM mantissa_reservation')).toEqual([])
    expect(readdirSync(join(site.directory, 'temp')).filter(name => !name.startsWith('moved-'))).toEqual([])
    expect(await faultsOf(site)).toEqual([])
  }
}

describe('an application store whose move was killed', () => {
  it.each(isEverything ? everyKill : someKills)(
    '%s (%s): is in one site with all its records, and resuming again changes nothing',
    async (step, moment) => {
      const [source, target] = [await siteWithNotes(), newSite('to.axiom')]
      for (const site of [source, target]) site.close()
      kill(source.directory, target.directory, [step, moment])
      const [from, to] = [keep(Site.open(source.directory)), keep(Site.open(target.directory))]
      // Either site may be opened first.
      for (const site of FORWARD.indexOf(step) % 2 === 0 ? [from, to] : [to, from]) await recoverTransfers(site)
      const hasMoved = isCommitted([step, moment])
      expectNotes(from, !hasMoved)
      expectNotes(to, hasMoved)
      await expectSettled(from, to)
      const rows = () => [from, to].map(site => listTransfers(site))
      const before = rows()
      for (const site of [from, to]) for (const { id } of listTransfers(site)) await resumeTransfer(site, id)
      expect(rows()).toEqual(before)
      if (!hasMoved) await transferUser(from, NOTES, { to })
      expectNotes(to, true)
    },
  )
})

it('waits where the code of its offering has gone after the decision, and arrives when it is back', async () => {
  const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
  await installOffering(source, defineOffering({ name: 'polls', description: 'asks' }))
  const code = makePackage('polls')
  addSource(target, code)
  for (const site of [source, target]) site.close()
  kill(source.directory, target.directory, ['commit', 'after'], 'polls')
  renameSync(code, `${code}-away`)
  const resume = () => mantissa('transfer resume --json', { cwd: target.directory, variables: { MANTISSA_SITE: '.' } })
  const waiting = await resume()
  expect(waiting.code).toBe(8)
  expect(JSON.parse(waiting.out)).toMatchObject([{ outcome: 'failed', state: 'PREPARED' }])
  expect(waiting.err).toContain('has not got the code of offering polls')
  renameSync(`${code}-away`, code)
  expect((await resume()).code).toBe(0)
  const arrived = keep(Site.open(target.directory))
  expect(findInstalledOffering(arrived.store, 'polls')?.application).not.toBeNull()
  await expectSettled(arrived, keep(Site.open(source.directory)))
})

describe('an application store whose import was killed', () => {
  it.each([
    ['reserve', 'after', false],
    ['verify', 'after', false],
    ['prepare', 'after', true],
    ['admit', 'after', true],
  ] as const)('%s (%s): has arrived with its offering: %s', async (step, moment, hasArrived) => {
    const file = join(temporaryDirectory(), 'notes.tar.gz')
    await exportUser(await siteWithNotes(), NOTES, { to: { kind: 'archive', file } })
    const target = newSite('to.axiom')
    target.close()
    kill(file, target.directory, [step, moment])
    const site = keep(Site.open(target.directory))
    await recoverTransfers(site)
    expectNotes(site, hasArrived)
    await expectSettled(site)
    if (!hasArrived) await importUser(site, { kind: 'archive', input: createReadStream(file) })
    expect(findInstalledOffering(site.store, 'notes')).toBeDefined()
  })
})
