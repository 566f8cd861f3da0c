import { once } from 'node:events'
import { createWriteStream, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { bin, interleave, runProgram, withDirectory } from './measure.mjs'

const HASH = '$argon2id$v=19$m=102400,t=2,p=8$4Pz/H0NICUGIcS5FKIWQkg$xkgTrwC5/3VRadMRZ7WowA'
const ROUNDS = 5

/** Runs in a worker thread: what checking a store costs at least. */
const BARE = `
  const { workerData } = require('node:worker_threads')
  const Database = require(workerData.driver)
  for (const path of workerData.paths) {
    const database = new Database(path, { fileMustExist: true })
    if (database.pragma('quick_check', { simple: true }) !== 'ok') throw new Error(path)
    database.close()
  }
`

/** All stores of a large site, against SQLite's own check of each in two threads. */
export async function measureCheck(scale) {
  const count = 10_000 * scale
  return withDirectory(async directory => {
    const site = join(directory, 'site.axiom')
    await makeSite(site, join(directory, 'users.csv'), count)
    const users = join(site, 'files', 'account', 'example.com')
    const paths = readdirSync(users).map(name => join(users, name, 'db.sqlite'))
    let memory = 0
    const check = async () => {
      const run = await runProgram([bin, 'check', '--site', site], { memory: true })
      if (run.bytes > 0) throw new Error('the site is not sound')
      memory = Math.max(memory, run.memory)
    }
    const [ours, floor] = await interleave(ROUNDS, [check, () => checkBare(paths)])
    const seconds = milliseconds => `${(milliseconds / 1000).toFixed(2)} s`
    const detail = `${seconds(ours)}, floor ${seconds(floor)}, medians of ${ROUNDS}; the whole command, and open, quick_check, close in two threads`
    return [
      { what: `check of ${count} user stores`, value: ours / floor, unit: '×', target: 1.5, detail },
      { what: 'peak memory of it', value: memory, unit: ' MiB', target: 300, detail: '' },
    ]
  })
}

async function makeSite(site, list, count) {
  const stream = createWriteStream(list)
  stream.write('address,passwordHash\n')
  for (let index = 1; index <= count; index += 1) stream.write(`user${index}@example.com,"${HASH}"\n`)
  stream.end()
  await once(stream, 'finish')
  await runProgram([bin, 'create-site', site, '--hostname', 'example.com'])
  await runProgram([bin, 'useradd', '--from', list, '--site', site, '--quiet'])
}

async function checkBare(paths) {
  const driver = createRequire(import.meta.url).resolve('better-sqlite3')
  const threads = [0, 1].map(half => {
    const workerData = { driver, paths: paths.filter((_, index) => index % 2 === half) }
    return new Worker(BARE, { eval: true, workerData })
  })
  const ends = await Promise.all(threads.map(thread => once(thread, 'exit')))
  if (ends.some(([code]) => code !== 0)) throw new Error('a thread of the floor has failed')
}
