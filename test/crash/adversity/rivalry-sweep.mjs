/**
 * Lets two processes want something of alice at the same moment, again and again, a little apart as a seed says; looks
 * each time that exactly one gets it. Plain Node on the built program. Prints each finding, and at last what won.
 *
 * Arguments: a scratch directory, the seed, how many rounds of each pair.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findWrongs } from '../moves/checker.mjs'
import { seeded } from './chance.mjs'
import { HERS, homeOf, makeAlice, makeSites, settleAll } from './places.mjs'
import { Servant } from './servant.mjs'

const [scratch, seed, rounds] = process.argv.slice(2)
const ground = join(scratch, 'ground')
const file = join(ground, 'alice.tar.gz')
const name = 'alice@example.com'
const [source, one, two] = ['source', 'one', 'two'].map(each => join(ground, `${each}.axiom`))
const transfer = { deed: 'transfer', from: source, to: one, name }

/** What two want at once; `bob` is in `one`. */
const PAIRS = {
  'the same target twice': [transfer, transfer],
  'two targets': [transfer, { ...transfer, to: two }],
  'a transfer and an export that removes her': [transfer, { deed: 'leave', from: source, file, name }],
  'a transfer and her removal': [transfer, { deed: 'remove', from: source, name }],
  'a transfer and her name for bob at the target': [
    transfer,
    { deed: 'give', to: one, owner: 'bob@example.com', name: 'AL@example.org' },
  ],
  'a transfer and her name for somebody new': [transfer, { deed: 'add', to: one, name: 'Alice@Example.com' }],
}

/** Families of errors that say that somebody else was first, or is at it. */
const CLEAR = new Set(['ConflictError', 'BusyError', 'NotFoundError', 'AddressNotFreeError', 'RolledBackError'])
/** A move takes some twenty times as long. */
const LARGEST_DELAY_MS = 60

const servants = [await Servant.start('contender.mjs'), await Servant.start('contender.mjs')]
const won = [0, 0]
let findings = 0
for (const [pair, deeds] of Object.entries(PAIRS))
  for (let round = 0; round < Number(rounds); round += 1) {
    try {
      won[await compete(deeds, seeded(`${seed} ${pair} ${round}`))] += 1
    } catch (error) {
      findings += 1
      console.log(`${pair}, round ${round} of seed ${seed}: ${error.stack}\n`)
    }
  }
for (const servant of servants) servant.end()
console.log(`${won[0]} to ${won[1]}, ${findings} findings`)

/** Returns which of the two has won. */
async function compete(deeds, random) {
  rmSync(ground, { recursive: true, force: true })
  const sites = makeSites(ground, 'source', 'one', 'two')
  makeAlice(source)
  await servants[0].do({ deed: 'add', to: one, name: 'bob@example.com' })
  const delays = [0, random() * LARGEST_DELAY_MS]
  if (random() < 0.5) delays.reverse()
  const start = Date.now() + 20
  const answers = await Promise.all(servants.map((servant, i) => servant.do({ ...deeds[i], at: start + delays[i] })))
  const winners = [0, 1].filter(index => answers[index].code === undefined)
  assert.equal(winners.length, 1, JSON.stringify(answers))
  const loser = answers[1 - winners[0]]
  assert.ok(CLEAR.has(loser.family), `${loser.family}: ${loser.message}`)
  await settleAll(sites)
  assertWon(sites, deeds[winners[0]])
  return winners[0]
}

function assertWon(sites, { deed, to }) {
  const isGone = deed === 'leave' || deed === 'remove'
  const home = deed === 'transfer' ? to : source
  assert.deepEqual(
    sites.filter(site => existsSync(homeOf(site))),
    isGone ? [] : [home],
  )
  assert.equal(existsSync(file), deed === 'leave', 'the archive')
  assert.deepEqual(
    readdirSync(ground).filter(entry => entry.startsWith('.')),
    [],
  )
  // What an export leaves, the checker does not know.
  if (deed === 'leave') assert.equal(readdirSync(join(source, 'temp')).length, 1)
  else
    assert.deepEqual(
      findWrongs(sites, isGone ? { names: [] } : HERS).filter(wrong => !isMeant(wrong, deed)),
      [],
    )
}

/** Somebody who was removed has no store any more, and where another has got her name there are two. */
function isMeant(wrong, deed) {
  if (deed === 'remove') return / has 0 active stores/.test(wrong)
  return (deed === 'add' || deed === 'give') && / leads to account .* and account /.test(wrong)
}
