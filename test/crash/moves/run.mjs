/**
 * Moves a user between two sites over and over while processes write to her store, kills somebody each time, and looks
 * whether she exists exactly once, with everything that was acknowledged.
 *
 *   npm run crash                              1,200 runs, at most 40 minutes, of a new seed
 *   npm run crash -- --runs 180 --seed 7
 *   npm run crash -- --seed 7 --run 93         that run alone, again
 *
 * Every run is a cell of the matrix of `deal.mjs`. Exits 1 when something is wrong, or where a cell was dealt and never
 * reached. The seed decides what is done, not how the system interleaves it.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { canFail, compileFailingDisk } from '../failing-disk.mjs'
import { Cast } from './cast.mjs'
import { deal } from './deal.mjs'
import { oneRun } from './one-run.mjs'
import { NAME, Sites } from './sites.mjs'
import { Tally } from './tally.mjs'

const { values } = parseArgs({
  options: Object.fromEntries(['runs', 'seed', 'run', 'minutes'].map(name => [name, { type: 'string' }])),
})
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const only = values.run === undefined ? undefined : Number(values.run)
const numbers = only === undefined ? Array.from({ length: Number(values.runs ?? 1200) }, (_, index) => index) : [only]
const until = performance.now() + Number(values.minutes ?? 40) * 60_000

if (!canFail()) {
  console.log('skipped: it takes Linux with glibc and a C compiler')
  process.exit()
}
const directory = mkdtempSync(join(tmpdir(), 'mantissa-crash-'))
const below = join(directory, 'lane')
mkdirSync(below)
const cast = new Cast(compileFailingDisk(directory), below)
const tally = new Tally()
console.log(`seed ${seed}, ${numbers.length} runs`)
try {
  const sites = new Sites(below, ({ from, to }) => act({ kind: 'move', from, to, name: NAME }))
  const callsOf = await countCalls(sites)
  for (const number of numbers) {
    if (performance.now() > until) break
    const plan = deal(seed, number)
    const run = await untilReached(plan, { cast, sites, callsOf })
    tally.add(plan, run)
    if (run.wrongs.length > 0) tell(plan, run, sites)
    if (tally.runs % 50 === 0) console.log(`${tally.runs} runs, ${tally.seconds} s, ${tally.failed} failed`)
  }
} finally {
  await cast.close()
  rmSync(directory, { recursive: true, force: true })
}
for (const line of tally.lines()) console.log(line)
process.exitCode = tally.isGood(only === undefined) ? 0 : 1

/** A call that comes so late that the step was over is tried again at the first. */
async function untilReached(plan, stage) {
  const run = await oneRun(stage, plan)
  if (run.isReached || run.wrongs.length > 0) return run
  return oneRun(stage, { ...plan, fraction: 0 })
}

async function act(order) {
  const actor = await cast.actor()
  actor.send(order)
  const { done } = await actor.take()
  if (done === undefined || done.broken || done.refused)
    throw new Error(`${order.kind} failed: ${JSON.stringify(done)}`)
  cast.giveBack(actor)
  return done
}

/** How many calls each step takes, so that one of them can be the last: of a move, and of one that is undone. */
async function countCalls(sites) {
  const counts = {}
  for (const mode of ['wal', 'delete']) {
    const { from, to } = await sites.lay({ modes: [mode, mode], moved: 0 })
    await dieAfter('seal', { from, to })
    const orders = [
      { kind: 'recover', sites: [from, to] },
      { kind: 'move', from, to, name: NAME },
      { kind: 'purge', site: from },
    ]
    for (const order of orders) {
      const done = await act({ ...order, isCounting: true })
      for (const [step, calls] of Object.entries(done.counts)) counts[step] = Math.max(counts[step] ?? 1, calls)
    }
  }
  return step => counts[step] ?? 1
}

async function dieAfter(step, { from, to }) {
  const actor = await cast.actor()
  actor.send({ kind: 'move', from, to, name: NAME, watch: { step, moment: 'after', dies: true } })
  await actor.take()
  cast.giveBack(actor)
}

function tell({ cell, ...plan }, { wrongs, outcomes }, sites) {
  const kept = mkdtempSync(join(tmpdir(), `mantissa-crash-${seed}-${plan.number}-`))
  sites.keep(kept)
  console.log(`WRONG in run ${plan.number}: ${JSON.stringify({ ...cell, ...plan })}`)
  console.log(`  again: npm run crash -- --seed ${seed} --run ${plan.number}   (its sites: ${kept})`)
  for (const line of [...wrongs, ...outcomes.map(each => `(${each})`)].slice(0, 30)) console.log(`  ${line}`)
}
