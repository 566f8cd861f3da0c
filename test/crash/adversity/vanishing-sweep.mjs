/**
 * Moves alice to a site whose directory goes away in the middle, at one moment of the protocol after the other, and
 * comes back later. Plain Node on the built program. Prints each finding, and at last what was done.
 *
 * Arguments: a scratch directory, which side goes away, at which moment first, at every how manieth from there on.
 */
import assert from 'node:assert/strict'
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { assertOneAlice, makeAlice, makeSites, reopen, settleAll } from './places.mjs'
import { Servant } from './servant.mjs'

const [scratch, side, first, step] = process.argv.slice(2)
const mover = new Servant('mover.mjs')
const moments = []
let moves = 0
let findings = 0

await move(undefined)
for (const moment of moments.slice(Number(first)).filter((_, index) => index % Number(step) === 0)) {
  try {
    await move(moment)
  } catch (error) {
    findings += 1
    console.log(`${side} gone at ${moment}: ${error.stack}\n`)
  }
  moves += 1
}
mover.end()
console.log(`${moves} moves, ${findings} findings`)

/** Without a moment it only notes which there are. */
async function move(moment) {
  const ground = join(scratch, 'ground')
  rmSync(ground, { recursive: true, force: true })
  const sites = makeSites(ground, 'source', 'target')
  makeAlice(sites[0])
  const [there, other] = side === 'target' ? [sites[1], sites[0]] : sites
  mover.tell({ from: sites[0], to: sites[1] })
  let said = await mover.hear()
  for (; said.ended === undefined; said = await mover.hear()) {
    const now = `${said.step} ${said.moment}`
    if (moment === undefined) moments.push(now)
    if (now === moment) renameSync(there, `${there}.away`)
    mover.tell('go on')
  }
  if (moment === undefined) return assert.equal(said.ended.code, null, said.ended.message)
  assertTold(said.ended)
  await reopen(other)
  renameSync(`${there}.away`, there)
  await settleAll(sites)
  assertOneAlice(sites)
}

/** Whatever is open already can be read and written where it went; what must be opened anew is missed. */
function assertTold({ code, message }) {
  assert.ok(code === null || /^[A-Z][A-Z_]+$/.test(code), message)
  assert.doesNotMatch(message ?? '', /^(Type|Range|Syntax)?Error/, message)
}
