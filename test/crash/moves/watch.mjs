/** What an actor does when a move that it makes, or recovers, comes to a certain step. */
import { die, steer, tell } from './orders.mjs'

const NEVER = 1_000_000_000

/** How many calls below the sites each step took when nothing went wrong. */
export function countingObserver(counts) {
  return (step, moment) => {
    if (moment === 'before') steer(`arm/kill/${NEVER}`)
    if (moment === 'after') counts[step] = Math.max(counts[step] ?? 0, Number(steer('disarm')))
  }
}

/**
 * @param watch - `failAt`: the step before which the move fails once. `step`, `moment`: where something happens, the
 *   first time: with `dies`, it kills this process, within a step at its call number `call`, or between two of its
 *   effects (`isBetween`); otherwise it tells and waits for the word to go on, for `within` both before and after.
 */
export function observerFor(watch, orders) {
  let hasFailed = false
  let isOver = false
  return (step, moment) => {
    if (!hasFailed && step === watch.failAt && moment === 'before') {
      hasFailed = true
      throw new Error('made to fail')
    }
    if (isOver || step !== watch.step) return
    isOver = moment === 'after' || watch.moment === 'before'
    if (watch.dies) dieAt(watch, moment)
    else if (moment !== 'within' && (watch.moment === 'within' || watch.moment === moment)) {
      tell({ held: moment })
      orders.next()
    }
  }
}

function dieAt(watch, moment) {
  if (watch.moment !== 'within') {
    if (moment === watch.moment) die()
    return
  }
  if (moment === 'within' && watch.isBetween) die()
  if (moment === 'before' && !watch.isBetween) steer(`arm/${watch.way}/${watch.call}`)
  if (moment === 'after') {
    steer('disarm')
    tell({ missed: true })
    die()
  }
}
