/**
 * One run: a user moves while four processes write to her store, somebody is killed, both sites are opened again, and the
 * checker looks whether all is well.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findWrongs, fingerprint } from './checker.mjs'
import { readSite } from './read-site.mjs'
import { Scene } from './scene.mjs'
import { NAME } from './sites.mjs'
import { strike } from './strike.mjs'

const bin = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'bin', 'mantissa.js')

/** @param stage - `{ cast, sites, callsOf }`. Returns `{ wrongs, isReached, outcomes }`. */
export async function oneRun({ cast, sites, callsOf }, plan) {
  const scene = new Scene(cast, sites, plan)
  await scene.begin()
  const isReached = plan.cell === undefined ? await moveByCommand(scene) : await strike(scene, callsOf)
  await recover(scene)
  await assertAtRest(scene)
  await scene.assertWritersGoOn()
  if (plan.movesOn) await moveOn(scene)
  await scene.rest()
  const both = [scene.from, scene.to]
  return {
    isReached,
    outcomes: scene.outcomes,
    wrongs: [...scene.wrongs, ...findWrongs(both, { ...scene.expected, tellsOf })],
  }
}

/** The real command moves her, and is killed at a call, unless it has none so late. */
async function moveByCommand(scene) {
  const { way, call } = scene.plan
  const words = ['--site', scene.from, 'transfer-user', NAME, '--to', scene.to]
  return (await mantissa(scene, words, { FAIL_AT_ARM: `${way}/${call}` })) === 'SIGKILL'
}

/** Ends what was left, in one of several ways, of which some are killed in their turn. */
async function recover(scene) {
  const { recovery, way, recoveryCall } = scene.plan
  const other = scene.both.toReversed()
  if (recovery === 'killed') await act(scene, { kind: 'recover', sites: other, arm: `${way}/${recoveryCall}` })
  if (recovery === 'two at once')
    await Promise.all([scene.both, other].map(sites => act(scene, { kind: 'recover', sites })))
  if (recovery === 'command') {
    const resume = ['--site', scene.both[0], 'transfer', 'resume']
    await mantissa(scene, resume, { FAIL_AT_ARM: `${way}/${recoveryCall}` })
    await mantissa(scene, resume)
  }
  await act(scene, { kind: 'recover', sites: scene.both })
}

/** Resuming everything twice changes nothing the second time. */
async function assertAtRest(scene) {
  const both = [scene.from, scene.to]
  const resume = () => act(scene, { kind: 'resume', sites: both })
  await resume()
  const before = fingerprint(both)
  const { outcomes = [] } = (await resume()) ?? {}
  if (fingerprint(both) !== before) scene.wrongs.push('resuming twice changed something the second time')
  for (const { id, outcome, reason } of outcomes)
    if (outcome !== 'finished') scene.wrongs.push(`transfer ${id} is ${outcome}: ${reason}`)
}

/** Whatever happened, she can move afterwards. */
async function moveOn(scene) {
  const [from, to] = isIn(scene.from) ? [scene.from, scene.to] : [scene.to, scene.from]
  const done = await act(scene, { kind: 'move', from, to, name: NAME })
  if (done?.moved !== true) scene.wrongs.push(`she cannot move on: ${done?.refused} ${done?.message}`)
  await scene.assertWritersGoOn()
}

function isIn(site) {
  const names = readSite(site).accounts.flatMap(({ methods }) => methods.map(m => `${m.localpart}@${m.domain}`))
  return names.includes(NAME)
}

/** What an actor has done; undefined when it died of it, as it was told to. */
async function act(scene, order) {
  const actor = await scene.actor()
  actor.send(order)
  const message = await actor.take()
  if (order.arm !== undefined && message.closed === 'SIGKILL') {
    scene.outcomes.push('a recovery was killed')
    scene.release(actor)
  } else await scene.note(actor, message)
  return message.done
}

/** Returns the exit code, or the signal. */
async function mantissa(scene, words, variables = {}) {
  const env = { ...scene.cast.env, ...variables }
  const child = spawn(process.execPath, [bin, ...words], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', chunk => {
    errors += chunk
  })
  const [code, signal] = await once(child, 'close')
  const outcome = signal ?? (code === 0 ? 'done' : `ended with ${code}: ${errors.split('\n')[0]}`)
  scene.outcomes.push(`mantissa ${words[2]} ${outcome}`)
  return signal ?? code
}

function tellsOf(site) {
  return spawnSync(process.execPath, [bin, '--site', site, 'check', '--json'], { encoding: 'utf8' }).stdout
}
