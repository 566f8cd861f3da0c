import { readFileSync } from 'node:fs'
import { monotonicMilliseconds, ownPid } from '../../base/this-process.js'
import type { Site } from '../../site/site.js'
import { beatTransfer } from '../../site/transfers-journal.js'
import type { Moment, StepName, StepObserver } from './protocol.js'

/** One move and the sites that this process can reach for it. */
export interface Move {
  /** ULID, the same in both journals. */
  readonly id: string
  readonly source: Site | undefined
  readonly target: Site | undefined
  readonly observe: StepObserver
}

export const UNOBSERVED: StepObserver = () => {}

/** Takes one step, showing it to the observer before and after. */
export async function takeStep<T>(move: Move, name: StepName, effect: () => T | Promise<T>): Promise<T> {
  watch(move, name, 'before')
  const result = await effect()
  watch(move, name, 'after')
  return result
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

/**
 * Shows that the coordinator makes progress. Boot id and monotonic time, because a wall clock may jump and a
 * monotonic one starts anew with the machine; the wall clock's time of the row is only shown to people.
 */
export function beat(move: Move): void {
  if (move.source === undefined) return
  beatTransfer(move.source, move.id, {
    bootId: bootId(),
    monotonicMs: Math.round(monotonicMilliseconds()),
    pid: ownPid(),
  })
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}
