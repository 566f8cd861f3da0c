import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyBare } from './copy-bare.mjs'
import { bin, runProgram, withDirectory } from './measure.mjs'
import { fillStore, makeTwoSites, userStore } from './two-sites.mjs'

const HASH = '$argon2id$v=19$m=102400,t=2,p=8$4Pz/H0NICUGIcS5FKIWQkg$xkgTrwC5/3VRadMRZ7WowA'

/** Many small users moved by one command, two at a time, against copying, syncing and hashing their stores. */
export async function measureMoveMany(scale) {
  const count = Math.round(1000 * scale)
  const names = Array.from({ length: count }, (_, index) => `user${index}`)
  return withDirectory(async directory => {
    const [from, to] = await makeTwoSites(directory)
    const list = join(directory, 'users.csv')
    writeFileSync(list, ['address,passwordHash', ...names.map(name => `${name}@example.com,"${HASH}"`), ''].join('\n'))
    await runProgram([bin, 'useradd', '--from', list, '--site', from, '--quiet'])
    for (const name of names) fillStore(userStore(from, name), { mebibytes: 1, size: 1000 })
    const floor = names.reduce(
      (sum, name) => sum + copyBare(userStore(from, name), join(directory, `copy-of-${name}`)),
      0,
    )
    const command = ['transfer-user', '--all', '--to', to, '--max-parallel', '2', '--site', from, '--yes', '--quiet']
    const run = await runProgram([bin, ...command], { memory: true })
    const detail = `${count} users of 1 MiB in items of 1,000 bytes, two at a time; ${(run.milliseconds / 1000).toFixed(1)} s, floor ${(floor / 1000).toFixed(1)} s`
    return [
      { what: 'users moved a minute', value: (count / run.milliseconds) * 60_000, unit: '', detail },
      { what: 'peak memory of it', value: run.memory, unit: ' MiB', target: 256, detail: '' },
    ]
  })
}
