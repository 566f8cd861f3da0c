import { once } from 'node:events'
import {
  closeSync,
  createWriteStream,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { bin, median, runProgram, withDirectory } from './measure.mjs'

const HASH = '$argon2id$v=19$m=102400,t=2,p=8$4Pz/H0NICUGIcS5FKIWQkg$xkgTrwC5/3VRadMRZ7WowA'
const ROUNDS = 3

/** Accounts from a list with hashes, against as many user stores written bare from one of them, with the same fsyncs. */
export async function measureUseradd(scale) {
  const count = 10_000 * scale
  return withDirectory(async directory => {
    const list = join(directory, 'users.csv')
    await writeList(list, count)
    const ours = []
    const floor = []
    const memory = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const site = join(directory, `site${round}.axiom`)
      await runProgram([bin, 'create-site', site, '--hostname', 'example.com'])
      const run = await runProgram([bin, 'useradd', '--from', list, '--site', site, '--quiet'], { memory: true })
      ours.push(run.milliseconds)
      memory.push(run.memory)
      const template = readFileSync(join(site, 'files', 'account', 'example.com', 'user1.axiom', 'db.sqlite'))
      floor.push(writeBare(join(directory, `floor${round}`), template, count))
    }
    return figures(count, median(ours), median(floor), Math.max(...memory))
  })
}

function figures(count, ours, floor, memory) {
  const seconds = milliseconds => `${(milliseconds / 1000).toFixed(2)} s`
  return [
    {
      what: `useradd --from, ${count} accounts with hashes`,
      value: ours / floor,
      unit: '×',
      target: 1.5,
      detail: `${seconds(ours)}, floor ${seconds(floor)}, medians of ${ROUNDS}; the whole command, and one file per account`,
    },
    { what: 'peak memory of it', value: memory, unit: ' MiB', target: 200, detail: '' },
  ]
}

async function writeList(path, count) {
  const stream = createWriteStream(path)
  stream.write('address,passwordHash\n')
  for (let index = 1; index <= count; index += 1) stream.write(`user${index}@example.com,"${HASH}"\n`)
  stream.end()
  await once(stream, 'finish')
}

/** What the disk is asked for each account: a directory with three more, one file; both synced; one rename. */
function writeBare(root, template, count) {
  const start = process.hrtime.bigint()
  mkdirSync(root)
  for (let index = 0; index < count; index += 1) {
    const staged = join(root, `.${index}`)
    mkdirSync(staged)
    for (const name of ['files', 'run', 'temp']) mkdirSync(join(staged, name))
    const descriptor = openSync(join(staged, 'db.sqlite'), 'wx')
    writeSync(descriptor, template)
    sync(descriptor)
    sync(openSync(staged, 'r'))
    renameSync(staged, join(root, `${index}.axiom`))
    if (index % 100 === 99) sync(openSync(root, 'r'))
  }
  return Number(process.hrtime.bigint() - start) / 1e6
}

function sync(descriptor) {
  fsyncSync(descriptor)
  closeSync(descriptor)
}
