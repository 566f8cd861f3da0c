/** What was done in all runs: how often each cell was reached, and what went wrong. */
import { PROTOCOL } from '../../../dist/transfer/protocol/protocol.js'
import { COLUMNS, MOMENTS, ONE_ROUND, VICTIMS, WHOLE_MATRIX } from './deal.mjs'

export class Tally {
  runs = 0
  failed = 0
  #began = performance.now()
  #reached = new Map()
  #missed = []
  #victims = new Map()
  #outcomes = new Map()

  get seconds() {
    return Math.round((performance.now() - this.#began) / 1000)
  }

  add({ cell, number, also }, { wrongs, isReached, outcomes }) {
    this.runs += 1
    if (wrongs.length > 0) this.failed += 1
    if (cell !== undefined && isReached) count(this.#reached, nameOf(cell))
    if (!isReached) this.#missed.push(`${number} (${cell === undefined ? 'the real command' : nameOf(cell)})`)
    else
      for (const victim of [cell?.victim ?? 'real command', ...(also === undefined ? [] : ['two at once'])])
        count(this.#victims, victim)
    for (const outcome of outcomes) count(this.#outcomes, outcome.replaceAll(/[0-9A-Z]{26}|\/\S+/g, '…'))
  }

  isGood(isMatrix) {
    return this.runs > 0 && this.failed === 0 && (!isMatrix || this.#unreached().length === 0)
  }

  /** Everything, for people. */
  *lines() {
    yield ['step'.padEnd(12), ...VICTIMS.map(victim => `${victim} (${MOMENTS.join(' ')})`.padEnd(32))].join('')
    for (const { name } of PROTOCOL) {
      const cells = VICTIMS.map(victim => MOMENTS.map(moment => this.#of({ step: name, victim, moment })).join(' / '))
      yield [name.padEnd(12), ...cells.map(cell => cell.padEnd(32))].join('')
    }
    for (const [outcome, times] of [...this.#outcomes].sort(([, a], [, b]) => b - a)) yield `${times} × ${outcome}`
    if (this.#missed.length > 0)
      yield `${this.#missed.length} came to no kill where it was planned: ${this.#missed.join(', ')}`
    for (const unreached of this.#unreached()) yield `NEVER REACHED ${unreached}`
    const killed = [...this.#victims].map(([victim, times]) => `${victim} ${times}`).join(', ')
    yield `${this.runs} runs, ${this.failed} failed, ${this.seconds} s; killed: ${killed}`
  }

  #of(cell) {
    return this.#reached.get(nameOf(cell)) ?? 0
  }

  /** Cells that enough runs were dealt for; of a part of the matrix, steps and victims. */
  #unreached() {
    if (this.runs < ONE_ROUND) return []
    return COLUMNS.flatMap(column => {
      const moments = MOMENTS.map(moment => ({ ...column, moment }))
      if (this.runs >= WHOLE_MATRIX) return moments.filter(cell => this.#of(cell) === 0).map(nameOf)
      return moments.some(cell => this.#of(cell) > 0) ? [] : [`${column.step}, ${column.victim}`]
    })
  }
}

function nameOf({ step, victim, moment }) {
  return `${step}, ${victim} ${moment}`
}

function count(map, key) {
  map.set(key, (map.get(key) ?? 0) + 1)
}
