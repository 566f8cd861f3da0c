import { assertInPlace } from '../../site/identity.js'
import type { Site } from '../../site/site.js'
import type { Heartbeat } from './heartbeat.js'
import { type Moment, PROTOCOL, type Side, type StepName, type StepObserver } from './protocol.js'

/** One move and the sites that this process can reach for it. */
export interface Move {
  /** ULID, the same in both journals. */
  readonly id: string
  readonly source: Site | undefined
  readonly target: Site | undefined
  readonly observe: StepObserver
  /** Of the process that coordinates it. */
  readonly heartbeat?: Heartbeat | undefined
}

export const UNOBSERVED: StepObserver = () => {}

/**
 * Takes one step, showing it to the observer before and after, and to everybody as progress.
 *
 * @throws SiteGoneError, and whatever the step throws.
 */
export async function takeStep<T>(move: Move, name: StepName, effect: () => T | Promise<T>): Promise<T> {
  move.heartbeat?.progressed()
  watch(move, name, 'before')
  const site = move[sideOf(name)]
  if (site !== undefined) assertInPlace(site)
  const result = await effect()
  watch(move, name, 'after')
  return result
}

function sideOf(name: StepName): Side {
  return PROTOCOL.find(step => step.name === name)?.side ?? 'source'
}

export function watch(move: Move, name: StepName, moment: Moment): void {
  move.observe(name, moment, move.id)
}

/** The source of a move that must have one. */
export function sourceOf(move: Move): Site {
  if (move.source === undefined) throw new TypeError(`transfer ${move.id} has no source here`)
  return move.source
}

/** The target of a move that must have one. */
export function targetOf(move: Move): Site {
  if (move.target === undefined) throw new TypeError(`transfer ${move.id} has no target here`)
  return move.target
}
