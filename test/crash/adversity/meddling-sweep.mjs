/**
 * Moves alice to and fro while somebody changes her account and writes her store, each time at other moments of the
 * protocol. Plain Node on the built program. Prints each finding, and at last what was done.
 *
 * Arguments: a scratch directory, the seed, how many moves; or `each` for one deed at one moment in every move.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findWrongs } from '../moves/checker.mjs'
import { readSite } from '../moves/read-site.mjs'
import { seeded } from './chance.mjs'
import { Meddler } from './meddler.mjs'
import { homeOf, makeAlice, makeSites, settleAll, siteOfAlice } from './places.mjs'

const [scratch, seed, moves] = process.argv.slice(2)
const child = spawn(process.execPath, [fileURLToPath(new URL('mover.mjs', import.meta.url))], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
const order = message => child.stdin.write(`${JSON.stringify(message)}\n`)
const answer = async () => JSON.parse((await answers.next()).value)
const tally = { moves: 0, moved: 0, acknowledged: 0, refused: 0, findings: 0 }

if (moves === 'each') await meddleOnceEach()
else for (let number = 0; number < Number(moves); number += 1) await meddle(number, byChance(number))
child.stdin.end()
console.log(
  `${tally.moves} moves, ${tally.moved} moved, ${tally.acknowledged} acknowledged, ${tally.refused} refused, ${tally.findings} findings`,
)

/** In the first move everything at every moment; then less and less often, in a random order. */
function byChance(number) {
  const random = seeded(`${seed}-${number}`)
  const share = number === 0 ? 1 : random() ** 2
  return () => Meddler.DEEDS.filter(() => random() < share).sort(() => random() - 0.5)
}

async function meddleOnceEach() {
  const moments = await meddle('none', () => [])
  for (const deed of Meddler.DEEDS)
    for (const [index, moment] of moments.entries()) {
      const wanted = deed === 'finish' ? ['begin', 'finish'] : [deed]
      let seen = 0
      await meddle(`${deed} at ${moment}`, () => (seen++ === index ? wanted : []))
    }
}

/** One move; returns the moments at which it paused. */
async function meddle(name, chooseDeeds) {
  const ground = join(scratch, 'ground')
  rmSync(ground, { recursive: true, force: true })
  const sites = makeSites(ground, 'source', 'target')
  makeAlice(sites[0])
  const meddler = new Meddler(sites)
  const moments = []
  try {
    order({ from: sites[0], to: sites[1] })
    let said = await answer()
    for (; said.ended === undefined; said = await answer()) {
      moments.push(`${said.step} ${said.moment}`)
      try {
        for (const deed of chooseDeeds()) await meddler.try(deed)
      } finally {
        order('go on')
      }
    }
    await meddler.end()
    assertEnded(said.ended)
    if (said.ended.code === null) tally.moved += 1
    await settleAll(sites)
    assertWhole(sites, meddler)
    assertGone(sites, meddler)
  } catch (error) {
    tally.findings += 1
    console.log(`move ${name} (seed ${seed}), after ${moments.at(-1)}: ${error.stack}\n`)
  }
  tally.moves += 1
  tally.acknowledged += meddler.acknowledged
  tally.refused += meddler.refused
  return moments
}

/** A move may fail for what was changed meanwhile, but only before it is decided, and in words. */
function assertEnded({ code, message }) {
  assert.ok(code === null || ['STORE_IN_USE', 'TRANSFER_ROLLED_BACK'].includes(code), message)
}

/** What was erased where she is now is in the old store still. */
function assertWhole(sites, { expected, erased }) {
  const names = new Set(erased.map(path => `file ${path.replace(/^notes\/(.*)-(\d+)$/, '$1 $2')} is in `))
  const wrongs = findWrongs(sites, expected)
  assert.deepEqual(
    wrongs.filter(wrong => ![...names].some(name => wrong.startsWith(name))),
    [],
  )
}

function assertGone(sites, { removed, erased }) {
  const methods = sites.flatMap(site => readSite(site).accounts.flatMap(account => account.methods))
  const there = methods.map(({ localpart, domain }) => `${localpart}@${domain}`)
  assert.deepEqual(
    removed.filter(name => there.includes(name)),
    [],
    'taken away, and there again',
  )
  const home = homeOf(siteOfAlice(sites))
  assert.deepEqual(
    erased.filter(path => existsSync(join(home, 'files', path))),
    [],
    'erased, and there again',
  )
}
