/** Whoever is at work in one of the sites and is going to be killed in the middle of it. */
import { setTimeout } from 'node:timers/promises'
import { NAME } from './sites.mjs'

/** Until somebody is in the middle of something, or found that it cannot be done just now. */
const SOON = 3000

/**
 * Somebody begins what the plan says, in the site whose side is to be struck.
 *
 * @returns `middle`, which resolves when they hold a transaction open or have died at the call that was named, and
 *   `kill`, which resolves when they are gone and heard.
 */
export async function putToWork(scene) {
  const { plan } = scene
  const child = plan.work === 'row' || plan.work === 'hold-row' ? scene.victim() : await scene.actor()
  child.send(orderFor(scene, `${plan.way}/${plan.workCall}`))
  return {
    holds: plan.work.startsWith('hold'),
    middle: child.take(SOON),
    async kill() {
      await child.kill()
      scene.release(child)
    },
  }
}

export function pause(milliseconds) {
  return setTimeout(milliseconds)
}

function orderFor({ plan, from, to }, arm) {
  const side = plan.also ?? plan.cell.victim
  const site = side === 'source' ? from : to
  switch (plan.work) {
    case 'hold-row':
      return { hold: true }
    case 'row':
      return { arm }
    case 'hold':
      return { kind: 'hold', site }
    case 'abort':
      return { kind: 'abort', site, arm }
    case 'recover':
      return { kind: 'recover', sites: [site], arm }
    default:
      return { kind: 'deed', deed: plan.work, site, name: NAME, values: valuesFor(plan), arm }
  }
}

function valuesFor({ work, number }) {
  if (work === 'disable') return [true, false]
  if (work === 'password') return ['$one', '$other']
  return ['a', 'b'].map(letter => `${work}-${number}-${letter}@example.com`)
}
