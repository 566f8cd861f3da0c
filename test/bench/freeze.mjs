import { bin, percentile, runProgram, withDirectory } from './measure.mjs'
import { fillStore, makeTwoSites, userStore } from './two-sites.mjs'
import { startWriters, stopWriters } from './writers.mjs'

const NAME = 'writer'

/** How long a user who writes all the while cannot, at each of many moves to and fro. */
export async function measureFreeze(scale) {
  const moves = Math.max(10, 200 * scale)
  return withDirectory(async directory => {
    const sites = await makeTwoSites(directory)
    await runProgram([bin, 'useradd', `${NAME}@example.com`, '--generate', '--site', sites[0]])
    fillStore(userStore(sites[0], NAME), { mebibytes: 1, size: 1000 })
    const writers = await startWriters(
      1,
      sites.map(site => userStore(site, NAME)),
    )
    const results = []
    for (let round = 0; round < moves; round += 1) {
      const [from, to] = round % 2 === 0 ? sites : [sites[1], sites[0]]
      const command = [bin, 'transfer-user', `${NAME}@example.com`, '--site', from, '--to', to, '--yes', '--json']
      results.push(JSON.parse((await runProgram(command, { keep: true })).output))
    }
    const { commits, pauses } = await stopWriters(writers)
    const freezes = results.map(({ freezeMs }) => freezeMs)
    // What the writer felt of each move: its longest pauses, as many as there were moves.
    const felt = pauses.sort((a, b) => b - a).slice(0, moves)
    const seconds = (values, share) => percentile(values, share) / 1000
    const amended = results.filter(({ images }) => images > 1).length
    const detail = `${moves} moves of 1 MiB in items of 1,000 bytes, one process writing (${commits} commits); ${amended} needed a second image`
    const asFelt = `felt by the writer: p50 ${seconds(felt, 0.5).toFixed(3)} s, p99 ${seconds(felt, 0.99).toFixed(3)} s`
    return [
      { what: 'writes refused, p50', value: seconds(freezes, 0.5), unit: ' s', target: 0.5, detail },
      { what: 'writes refused, p99', value: seconds(freezes, 0.99), unit: ' s', target: 0.5, detail: asFelt },
    ]
  })
}
