/**
 * Killing whom a plan names, at the step and the moment that it names. The command dies by itself, at a call within the
 * step or where it is observed. Others are killed while the command is held just before or after the step; within, they
 * are killed while it goes on, and it is held after the step until they are gone.
 */
import { PROTOCOL } from '../../../dist/transfer/protocol/protocol.js'
import { NAME } from './sites.mjs'
import { pause, putToWork } from './victim.mjs'

const DIVISIBLE = new Set(PROTOCOL.filter(({ isDivisible }) => isDivisible).map(({ name }) => name))

/** Plays what the plan says until the command has ended or died. Returns whether the cell was reached. */
export async function strike(scene, callsOf) {
  const { plan } = scene
  if (plan.how === 'later') await moveFirst(scene)
  if (plan.how === 'recovery') await dieEarlier(scene)
  const performer = await scene.actor()
  performer.send({ ...orderOf(scene), watch: watchOf(plan, callsOf) })
  const struck = { isReached: false, victim: undefined }
  for (;;) {
    const message = await performer.take()
    if (message.held !== undefined) await strikeHeld(scene, performer, { ...message, struck })
    else if (message.missed) struck.isMissed = true
    else {
      await struck.victim
      if (message.closed !== 'SIGKILL') await scene.note(performer, message)
      else scene.release(performer)
      return struck.isReached || (message.closed === 'SIGKILL' && !struck.isMissed)
    }
  }
}

/** The command dies just after the step that is named, and leaves it to others to go on. */
async function dieEarlier(scene) {
  const actor = await scene.actor()
  const watch = { step: scene.plan.earlier, moment: 'after', dies: true }
  actor.send({ kind: 'move', from: scene.from, to: scene.to, name: NAME, watch })
  const message = await actor.take()
  if (message.closed === 'SIGKILL') scene.release(actor)
  else await scene.note(actor, message)
}

/** What is done to the store that she has left, long after. */
async function moveFirst(scene) {
  const { from, to } = scene
  const actor = await scene.actor()
  actor.send({ kind: 'move', from, to, name: NAME })
  await scene.note(actor, await actor.take())
}

function orderOf({ plan, from, to, both }) {
  if (plan.how === 'later') return { kind: 'purge', site: from }
  return plan.how === 'recovery' ? { kind: 'recover', sites: both } : { kind: 'move', from, to, name: NAME }
}

/** Half of the steps with two effects are ended between them, all others at a call. */
function watchOf({ cell, failAt, also, way, fraction }, callsOf) {
  const call = 1 + Math.floor(fraction * callsOf(cell.step))
  const isBetween = DIVISIBLE.has(cell.step) && Math.round(fraction * 1000) % 2 === 0
  return { ...cell, failAt, dies: cell.victim === 'command' && also === undefined, way, call, isBetween }
}

async function strikeHeld(scene, performer, { held, struck }) {
  const { cell, also } = scene.plan
  const goOn = () => performer.send({})
  const kill = victim => Promise.all([victim.kill(), also === undefined ? undefined : performer.kill()])
  if (cell.moment === held) {
    const victim = await putToWork(scene)
    await victim.middle
    await kill(victim)
    struck.isReached = true
    if (also === undefined) goOn()
  } else if (held === 'before') {
    struck.victim = strikeMeanwhile(scene, { goOn, kill })
    struck.isReached = true
  } else {
    await struck.victim
    goOn()
  }
}

async function strikeMeanwhile(scene, { goOn, kill }) {
  const victim = await putToWork(scene)
  if (victim.holds) await victim.middle
  goOn()
  await pause(scene.plan.delay)
  // Whoever dies at a call of their own is not killed before it.
  if (!victim.holds && scene.plan.also === undefined) await victim.middle
  await kill(victim)
}
