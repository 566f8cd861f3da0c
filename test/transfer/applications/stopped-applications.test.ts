import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { installOffering } from '../../../src/offerings/install-offering.js'
import { loadOffering } from '../../../src/offerings/load-offering.js'
import type { Site } from '../../../src/site/site.js'
import { recoverTransfers } from '../../../src/transfer/protocol/recover-transfers.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { rawRowsBelow } from '../../support/raw-rows.js'
import { StoppedProcess } from '../protocol/stopped-process.js'
import { newSite } from '../two-sites.js'
import { expectNotes, faultsOf, NOTES, siteWithNotes } from './notes-sites.js'

async function stoppedAt(step: string, moment: string) {
  const [source, target] = [await siteWithNotes(), newSite('to.axiom')]
  const script = join(import.meta.dirname, '../protocol/stopped-transfer.mjs')
  const process = await StoppedProcess.start(script, [source.directory, target.directory, step, moment, 'notes'])
  return { source, target, process }
}

const rowsOf = (...sites: readonly Site[]) => sites.map(({ directory }) => rawRowsBelow(directory))

describe('a coordinator that stands still with the application store of an offering', () => {
  it.each([
    ['seal', 'within'],
    ['commit', 'before'],
  ])('%s (%s): others undo it, and it changes nothing when it wakes up', async (step, moment) => {
    const { source, target, process } = await stoppedAt(step, moment)
    expect(await recoverTransfers(source)).toMatchObject([{ decision: 'abort', overtaken: true, outcome: 'finished' }])
    expectNotes(source, true)
    await installOffering(target, await loadOffering('notes'))
    const before = rowsOf(source, target)
    expect(await process.wake()).toMatchObject({ code: 'TRANSFER_ABORTED' })
    expect(rowsOf(source, target)).toEqual(before)
    expect([await faultsOf(source), await faultsOf(target)]).toEqual([[], []])
  })

  it.each([
    ['hand-over', 'within'],
    ['admit', 'before'],
    ['admit', 'within'],
    ['probe', 'before'],
  ])('%s (%s): others complete it, and it changes nothing when it wakes up', async (step, moment) => {
    const { source, target, process } = await stoppedAt(step, moment)
    expect(await recoverTransfers(target)).toMatchObject([{ overtaken: true, outcome: 'finished' }])
    expectNotes(target, true)
    // It goes back, and another of its name takes the very place.
    await transferUser(target, NOTES, { to: source })
    await installOffering(target, await loadOffering('notes'), { reuseName: true })
    const before = rowsOf(source, target)
    expect(await process.wake()).toEqual({ completedByOthers: true })
    expect(rowsOf(source, target)).toEqual(before)
    expectNotes(source, true)
    expect([await faultsOf(source), await faultsOf(target)]).toEqual([[], []])
  })
})
