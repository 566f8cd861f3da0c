/**
 * One of the processes that write to a site at once. Tells each deed on standard output once it is committed, by a
 * letter and a number; ends when its standard input does. Plain Node on the built program.
 *
 * Arguments: the site, a name that no other writer has, a seed.
 */
import { writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { LoginAccount } from '../../dist/accounts/login-account.js'
import '../../dist/accounts/login-upgrades.js'
import { Site } from '../../dist/site/site.js'
import { BATCH, BatchRow, Counter, MONEY, Note, PURSES, Purse, Tick } from './items.mjs'
import { Random } from './random.mjs'

const [directory, writer, seed] = process.argv.slice(2)
const random = new Random(Number(seed))
const site = Site.open(directory)
/** Those whose stores were furnished before; verbs make others meanwhile. */
const accounts = site.store
  .query(LoginAccount)
  .toArray()
  .filter(({ avatars }) => avatars.use(store => store.query(Purse).count() > 0))
/** Held for the whole run: they must show what others have done, each time a transaction begins. */
const purses = site.store.query(Purse).toArray()
const notes = []
let number = 0
let longestWait = 0
let stopping = false
process.stdin.on('end', () => (stopping = true)).resume()

const DEEDS = [payment, payment, tick, tick, newNote, oldNote, batch, paymentBelow, paymentBelow, lookAround]
while (!stopping) {
  number += 1
  attempt(random.pick(DEEDS))
  await setImmediate()
}
site.close()

/** Somebody else may hold the store for longer than the busy timeout; everything else ends the process. */
function attempt(deed) {
  try {
    const letter = deed()
    if (letter !== undefined) tell(letter, number)
  } catch (error) {
    if (error.code !== 'STORE_BUSY') throw error
    tell('busy', error.message)
  }
}

function tell(...words) {
  writeSync(1, `${words.join(' ')}\n`)
}

/** A transaction that notes how long it had to wait for its turn. */
function transact(store, deed) {
  const asked = performance.now()
  return store.transact(() => {
    const wait = Math.round(performance.now() - asked)
    if (wait > longestWait) {
      longestWait = wait
      tell('wait', wait)
    }
    return deed()
  })
}

function payment() {
  transact(site.store, () => pay(purses))
  return 'payment'
}

/** Moves money between items that were loaded long ago. */
function pay(items) {
  const total = items.reduce((sum, { money }) => sum + money, 0)
  if (total !== PURSES * MONEY) throw new Error(`${items[0].store.describe()}: stale purses, ${total}`)
  const amount = random.below(50)
  random.pick(items).money -= amount
  random.pick(items).money += amount
}

function tick() {
  raise(site.store)
  return 'tick'
}

function raise(store) {
  transact(store, () => {
    const counter = store.findUnique(Counter)
    counter.count += 1
    store.create(Tick, { writer, number })
  })
}

function newNote() {
  notes.push(
    transact(site.store, () => site.store.create(Note, { writer, number, body: 'x'.repeat(random.below(9000)) })),
  )
  return 'note'
}

/** Said before as well: a process that dies in between has done it or not. */
function oldNote() {
  const note = notes.shift()
  if (note === undefined) return
  const its = note.number
  tell('removing', its)
  transact(site.store, () => note.deleteFromStore())
  tell('removed', its)
}

function batch() {
  transact(site.store, () =>
    site.store.batchInsert(
      BatchRow,
      Array.from({ length: BATCH }, () => ({ writer, number })),
    ),
  )
  return 'batch'
}

/** The stores of users and of an application are opened and closed each time, so that the last to close one meets the next to open it. */
function paymentBelow() {
  random.pick(accounts).avatars.use(store => {
    transact(store, () => pay(store.query(Purse).toArray()))
    raise(store)
  })
  return 'tick-below'
}

/** Reads belong to one moment, whatever is written meanwhile. */
function lookAround() {
  site.store.snapshot(() => {
    const [{ count }, ticks] = [site.store.findUnique(Counter), site.store.query(Tick).count()]
    if (count !== ticks) throw new Error(`a snapshot of two moments: ${count} and ${ticks}`)
  })
}
