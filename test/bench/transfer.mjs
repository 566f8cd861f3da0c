import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { copyBare } from './copy-bare.mjs'
import { bin, median, runProgram, withDirectory } from './measure.mjs'
import { fillStore, makeTwoSites, userStore } from './two-sites.mjs'
import { startWriters, stopWriters } from './writers.mjs'

const NAME = 'mover'
const ROUNDS = 5
const WRITERS = 4

/** A move of a store, while nobody writes it and while four processes do, against copying, syncing and hashing it. */
export async function measureTransfer(scale) {
  return withDirectory(async directory => {
    const sites = await makeTwoSites(directory)
    await runProgram([bin, 'useradd', `${NAME}@example.com`, '--generate', '--site', sites[0]])
    fillStore(userStore(sites[0], NAME), { mebibytes: 160 * scale, files: 160 * scale })
    const quiet = await moveToAndFro(sites, directory)
    const writers = await startWriters(
      WRITERS,
      sites.map(site => userStore(site, NAME)),
    )
    const busy = await moveToAndFro(sites, directory)
    const { commits } = await stopWriters(writers)
    const shape = `${160 * scale} MiB of database, ${160 * scale} files of 256 KiB, to and fro, medians of ${ROUNDS}`
    return [
      figureOf('transfer-user, nobody writing', quiet, quiet.floor, 2, shape),
      figureOf(`transfer-user, ${WRITERS} processes writing`, busy, quiet.floor, 3.5, detailOf(busy, commits)),
      {
        what: 'peak memory of it',
        value: Math.max(...quiet.memory, ...busy.memory),
        unit: ' MiB',
        target: 256,
        detail: '',
      },
    ]
  })
}

function figureOf(what, { ours }, floor, target, detail) {
  const value = median(ours) / median(floor)
  const times = `${median(ours).toFixed(0)} ms, floor ${median(floor).toFixed(0)} ms`
  return { what, value, unit: '×', target, detail: `${times}; ${detail}` }
}

function detailOf({ floor, freezes }, commits) {
  const besides = `the floor itself takes ${median(floor).toFixed(0)} ms beside them`
  return `${besides}; ${commits} commits of 1 KiB meanwhile; writes refused for ${median(freezes).toFixed(0)} ms`
}

async function moveToAndFro(sites, directory) {
  const measured = { ours: [], floor: [], memory: [], freezes: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    const [from, to] = round % 2 === 0 ? sites : [sites[1], sites[0]]
    const copy = join(directory, 'copy')
    measured.floor.push(copyBare(userStore(from, NAME), copy))
    rmSync(copy, { recursive: true })
    const run = await runProgram(
      [bin, 'transfer-user', `${NAME}@example.com`, '--site', from, '--to', to, '--yes', '--json'],
      { memory: true, keep: true },
    )
    measured.ours.push(run.milliseconds)
    measured.memory.push(run.memory)
    measured.freezes.push(JSON.parse(run.output).freezeMs)
  }
  // An odd number of moves has left the user at the other site.
  if (ROUNDS % 2 === 1) sites.reverse()
  return measured
}
