/**
 * Which runs there are. The matrix comes from the protocol's own list of steps: each step, killed before, within and
 * after, and whose process that is. Run `number` of a seed is always the same, so that one that failed can be repeated.
 *
 * A round takes every step and every victim once, at one of the moments; three rounds take the whole matrix. Every
 * twentieth run moves the user with the real command instead, killed at some call.
 */
import { FORWARD, PROTOCOL } from '../../../dist/transfer/protocol/protocol.js'
import { Random } from '../../soak/random.mjs'

export const MOMENTS = ['before', 'within', 'after']
/** `command`: whoever takes the step. `source`, `target`: a process that is at work in that site meanwhile. */
export const VICTIMS = ['command', 'source', 'target']
const EVERY = 20
/** What the victims are at when they are killed. Those of the writers are done in the user's store. */
const WORK = {
  source: ['hold-row', 'row', 'password', 'disable', 'method', 'create', 'hold', 'abort'],
  target: ['create', 'hold', 'recover'],
}
const RECOVERIES = ['one', 'one', 'one', 'two at once', 'killed', 'killed']
/** The journal modes of the two sites; the user's store has that of the first. */
const MODES = [
  ['wal', 'wal'],
  ['delete', 'delete'],
  ['delete', 'wal'],
]

export const COLUMNS = PROTOCOL.flatMap(({ name }) => VICTIMS.map(victim => ({ step: name, victim })))

/** How many runs it takes until every step was dealt with every victim, and until every cell was. */
export const ONE_ROUND = Math.ceil((COLUMNS.length * EVERY) / (EVERY - 1))
export const WHOLE_MATRIX = Math.ceil((COLUMNS.length * MOMENTS.length * EVERY) / (EVERY - 1))

export function deal(seed, number) {
  const random = new Random(Math.imul(seed + 1, 0x9e3779b1) + number)
  // The first few numbers of seeds that are neighbours resemble each other.
  for (let skipped = 0; skipped < 3; skipped += 1) random.below(2)
  const isByCommand = number % EVERY === EVERY - 1
  const cell = isByCommand ? undefined : cellOf(seed, number - Math.floor(number / EVERY))
  return {
    seed,
    number,
    cell,
    ...circumstances(random),
    ...(cell === undefined ? { call: 1 + random.below(140) } : performance(random, cell)),
  }
}

function cellOf(seed, index) {
  const round = Math.floor(index / COLUMNS.length)
  // Three rounds share what they begin at, so that they take three different moments.
  const begin = new Random(seed ^ Math.floor(round / MOMENTS.length))
  const firsts = COLUMNS.map(() => begin.below(MOMENTS.length))
  const order = shuffled(COLUMNS.keys(), new Random(seed + 77 * round))
  const column = order[index % COLUMNS.length]
  return { ...COLUMNS[column], moment: MOMENTS[(firsts[column] + round) % MOMENTS.length] }
}

function shuffled(list, random) {
  const left = [...list]
  return Array.from({ length: left.length }, () => left.splice(random.below(left.length), 1)[0])
}

/** What the sites are like, and how they are put in order afterwards. */
function circumstances(random) {
  return {
    modes: random.pick(MODES),
    /** How often she has moved already. */
    moved: random.below(4),
    way: random.pick(['kill', 'kill', 'tear']),
    /** Which site is opened first afterwards. */
    first: random.pick(['source', 'target']),
    recovery: random.pick([...RECOVERIES, ...RECOVERIES, 'command']),
    recoveryCall: 1 + random.below(50),
    movesOn: random.below(4) === 0,
  }
}

/** How the cell is reached, and what the victims are at. */
function performance(random, { step, victim }) {
  const how = random.pick(waysTo(step))
  const also = victim === 'command' && random.below(5) === 0 ? random.pick(['source', 'target']) : undefined
  const other = also ?? victim
  return {
    how,
    failAt:
      how === 'failing'
        ? random.pick(FORWARD.slice(FORWARD.indexOf('stage'), FORWARD.indexOf('commit') + 1))
        : undefined,
    earlier: how === 'recovery' ? earlierThan(step, random) : undefined,
    /** Killed together with the command. */
    also,
    work: other === 'command' ? undefined : random.pick(WORK[other]),
    /** Which of the step's calls is the last, from 0 to below 1; and how long the others go on meanwhile. */
    fraction: random.below(1000) / 1000,
    workCall: 1 + random.below(25),
    delay: random.below(12),
  }
}

/**
 * `move`: by a move that goes its way. `failing`: by one that fails, in the undoing. `recovery`: by another process,
 * after the command was killed. `later`: when she has moved.
 */
function waysTo(step) {
  const { when } = PROTOCOL.find(({ name }) => name === step)
  if (when === 'later') return ['later']
  if (FORWARD.includes(step)) return when === 'undecided' ? ['move'] : ['move', 'recovery']
  return when === 'undecided' ? ['recovery'] : ['failing', 'recovery']
}

/** After which step the command is killed so that a recovery comes to the given one. */
function earlierThan(step, random) {
  const commit = FORWARD.indexOf('commit')
  const candidates = FORWARD.includes(step)
    ? FORWARD.slice(commit, FORWARD.indexOf(step))
    : FORWARD.slice(FORWARD.indexOf('reserve'), commit)
  return random.pick(candidates)
}
