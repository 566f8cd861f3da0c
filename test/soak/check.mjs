/** What must hold after the soak, read without any code of ours. Every finding is a sentence. */
import { join } from 'node:path'
import { assertWhole, withDatabase } from '../support/read-bare.mjs'
import { BATCH, MONEY, PURSES } from './items.mjs'

/**
 * @param told - for each writer the lines that it printed.
 * @param accounts - addresses that exist, since a verb said so.
 */
export function findWrongs(site, { told, accounts }) {
  const below = withDatabase(site, each => each.prepare('SELECT storepath FROM item_substore_v1').pluck().all())
  const stores = [site, ...below.map(path => join(site, 'files', path))]
  const wrongs = stores.flatMap(directory => withDatabase(directory, database => wrongsOf(database, directory)))
  const lost = withDatabase(site, database => [...lostDeeds(database, told), ...lostAccounts(database, accounts)])
  return [...wrongs, ...lost, ...lostTicksBelow(stores, told)]
}

function wrongsOf(database, directory) {
  const wrongs = []
  const expect = (holds, sentence) => holds || wrongs.push(`${directory}: ${sentence}`)
  try {
    assertWhole(database)
  } catch (error) {
    wrongs.push(`${directory}: ${error.message}`)
  }
  if (!hasTable(database, 'item_soak_purse_v1')) return wrongs
  const value = sql => Number(database.prepare(sql).pluck().get())
  const money = value('SELECT sum(money) FROM item_soak_purse_v1')
  expect(money === PURSES * MONEY, `the purses hold ${money}`)
  const [count, ticks] = [value('SELECT count FROM item_soak_counter_v1'), rows(database, 'soak_tick').length]
  expect(count === ticks, `${ticks} ticks were counted as ${count}`)
  const halves = [...tally(rows(database, 'soak_batch_row'))].filter(([, size]) => size !== BATCH)
  expect(halves.length === 0, `batches in part: ${halves}`)
  return wrongs
}

/** `writer number` of each row of a type. A store in which nobody made one has no such table. */
function rows(database, typeName) {
  const table = `item_${typeName}_v1`
  if (!hasTable(database, table)) return []
  return database.prepare(`SELECT writer || ' ' || number FROM ${table}`).pluck().all()
}

function hasTable(database, name) {
  return database.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(name) !== undefined
}

function tally(list) {
  const counts = new Map()
  for (const each of list) counts.set(each, (counts.get(each) ?? 0) + 1)
  return counts
}

function lostDeeds(database, told) {
  const there = { tick: 'soak_tick', batch: 'soak_batch_row', note: 'soak_note' }
  const wrongs = []
  for (const [kind, typeName] of Object.entries(there)) {
    const present = new Set(rows(database, typeName))
    const gone = new Set(kind === 'note' ? saying(told, 'removing') : [])
    for (const each of saying(told, kind))
      if (!present.has(each) && !gone.has(each)) wrongs.push(`lost: ${kind} ${each}`)
    if (kind === 'note')
      for (const each of saying(told, 'removed')) if (present.has(each)) wrongs.push(`back again: ${each}`)
  }
  return wrongs
}

function lostAccounts(database, accounts) {
  const names = "SELECT localpart || '@' || domain FROM item_login_method_v2"
  const present = new Set(database.prepare(names).pluck().all())
  return accounts.flatMap(each => (present.has(each) ? [] : [`lost: account ${each}`]))
}

function lostTicksBelow(stores, told) {
  const present = new Set(stores.flatMap(directory => withDatabase(directory, each => rows(each, 'soak_tick'))))
  return saying(told, 'tick-below').flatMap(each => (present.has(each) ? [] : [`lost below the site: ${each}`]))
}

/** `writer number` of everything that was told with the word. */
function saying(told, word) {
  return [...told].flatMap(([writer, lines]) =>
    lines.filter(line => line.startsWith(`${word} `)).map(line => `${writer} ${line.slice(word.length + 1)}`),
  )
}
