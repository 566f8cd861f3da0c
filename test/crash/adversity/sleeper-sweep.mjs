/**
 * Lets the process that moves alice fall asleep, at one moment of the protocol after the other, for longer than its limit;
 * others end the move without it, and she moves on to a third site, or there and back to the very same path. When it
 * wakes up it must change nothing, and say so. Plain Node on the built program. Prints each finding, and what was done.
 *
 * Arguments: a scratch directory, at which moment first, at every how manieth from there on.
 */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { abortTransfer } from '../../../dist/transfer/protocol/abort-transfer.js'
import { recoverTransfers } from '../../../dist/transfer/protocol/recover-transfers.js'
import { planPurge } from '../../../dist/transfer/purging/plan-purge.js'
import { purgeTransfer } from '../../../dist/transfer/purging/purge-transfer.js'
import { transferUser } from '../../../dist/transfer/transfer-user.js'
import { fingerprint } from '../moves/checker.mjs'
import { ALICE, assertOneAlice, makeAlice, makeSites, siteOfAlice, withSite } from './places.mjs'
import { Servant } from './servant.mjs'

const [scratch, first, step] = process.argv.slice(2)
const JOURNEYS = { 'moves on': ['third'], 'comes back': ['third', 'home'] }
const mover = new Servant('mover.mjs')
const moments = []
const tally = { slept: 0, aborted: 0, completed: 0, findings: 0 }

await sleepAt(undefined, [])
for (const moment of moments.slice(Number(first)).filter((_, index) => index % Number(step) === 0))
  for (const [name, journey] of Object.entries(JOURNEYS)) {
    try {
      await sleepAt(moment, journey)
    } catch (error) {
      tally.findings += 1
      console.log(`asleep at ${moment}, she ${name}: ${error.stack}\n`)
    }
    tally.slept += 1
  }
mover.end()
const { slept, aborted, completed, findings } = tally
console.log(`${slept} slept, ${aborted} aborted, ${completed} completed, ${findings} findings`)

/** Without a moment it only notes which there are. */
async function sleepAt(moment, journey) {
  const ground = join(scratch, 'ground')
  rmSync(ground, { recursive: true, force: true })
  const sites = makeSites(ground, 'source', 'target', 'third')
  makeAlice(sites[0])
  mover.tell({ from: sites[0], to: sites[1], freezeLimitMs: 1 })
  let before
  let said = await mover.hear()
  for (; said.ended === undefined; said = await mover.hear()) {
    const now = `${said.step} ${said.moment}`
    if (moment === undefined) moments.push(now)
    try {
      if (now === moment) before = await goOnWithout(sites, journey, said.id)
    } finally {
      mover.tell('go on')
    }
  }
  if (moment === undefined) return assert.equal(said.ended.code, null, said.ended.message)
  assert.ok(fingerprint(sites) === before, 'the sleeper has changed something')
  assertTold(said.ended, moment)
  assertOneAlice(sites)
}

/** Ends the move, takes alice on her journey, and returns how the sites look then. */
async function goOnWithout(sites, journey, id) {
  for (const site of sites.slice(0, 2)) await withSite(site, recoverTransfers)
  // While nobody has to wait for the sleeper, it takes an administrator to end the move.
  await withSite(sites[0], site => abortTransfer(site, id)).catch(error => {
    assert.match(error.code, /^(NO_SUCH_TRANSFER|TRANSFER_COMMITTED)$/, error)
  })
  const home = siteOfAlice(sites)
  for (const goal of journey.map(name => (name === 'third' ? sites[2] : home))) {
    const from = siteOfAlice(sites)
    await withSite(from, source => withSite(goal, target => transferUser(source, ALICE, { to: target })))
    await withSite(from, async site => {
      for (const store of planPurge(site, { olderThanMs: 0 })) await purgeTransfer(site, store)
    })
  }
  return fingerprint(sites)
}

/** Either that somebody has aborted it, or that it was completed by others. */
function assertTold({ code, message, completedByOthers }, moment) {
  if (code === null) {
    // After its last step there is nothing left for others.
    assert.equal(completedByOthers, moment !== moments.at(-1))
    tally.completed += 1
  } else {
    assert.match(code, /^(TRANSFER_ABORTED|ACCOUNT_CHANGED|FENCE_MOVED_ON)$/, message)
    tally.aborted += 1
  }
}
