/**
 * Exports and imports a user of several gigabytes, as a file and through a pipe, and prints how much memory each process
 * took at its peak. Where the disk has not enough room, the user is made smaller, and that is said.
 *
 *   npm run soak:large                   5 GiB
 *   npm run soak:large -- --gigabytes 2
 *
 * Exits 1 when a process takes more than 150 MiB, or when what arrives is not what left.
 */
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  closeSync,
  createReadStream,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'

const here = dirname(fileURLToPath(import.meta.url))
const bin = join(here, '..', '..', 'bin', 'mantissa.js')
const reporter = join(here, '..', 'bench', 'report-memory.mjs')
const MEBIBYTE = 2 ** 20
const GIBIBYTE = 2 ** 30
const MOST = 150 * MEBIBYTE
/** Source, staged copy, archive, staged arrival and what is to spare. */
const COPIES = 5

const { values } = parseArgs({ options: { gigabytes: { type: 'string' } } })
const cwd = mkdtempSync(join(tmpdir(), 'mantissa-large-'))
process.on('exit', () => rmSync(cwd, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))

const bytes = affordable(Number(values.gigabytes ?? 5) * GIBIBYTE)
const STORE = join('files', 'account', 'example.com', 'alice.axiom')
let failed = false

await run('create-site west.axiom')
for (const name of ['east', 'south']) await run(`create-site ${name}.axiom`)
await run('useradd alice@example.com --passwordless --site west.axiom')
fill(join(cwd, 'west.axiom', STORE))
const wanted = await hashesBelow(join(cwd, 'west.axiom', STORE, 'files'))

await measure('export to a file', [['export-user', 'alice@example.com', 'alice.tar.gz', '--site', 'west.axiom']])
console.log(`the archive has ${inMebibytes(statSync(join(cwd, 'alice.tar.gz')).size)}`)
await measure('import of a file', [['import-user', 'alice.tar.gz', '--site', 'east.axiom']])
await compare('east.axiom')
for (const left of ['alice.tar.gz', 'east.axiom']) rmSync(join(cwd, left), { recursive: true })
await measure('through a pipe', [
  ['export-user', 'alice@example.com', '-', '--site', 'west.axiom'],
  ['import-user', '-', '--site', 'south.axiom'],
])
await compare('south.axiom')
process.exit(failed ? 1 : 0)

function affordable(asked) {
  const { bavail, bsize } = statfsSync(cwd)
  const most = (bavail * bsize) / COPIES
  if (most >= asked) return asked
  console.log(`there is room for ${inMebibytes(most)} only, not for ${inMebibytes(asked)}`)
  return most
}

/** A tenth of it is in the database, the rest in three files; half of each block can be compressed. */
function fill(store) {
  const block = Buffer.concat([randomBytes(MEBIBYTE / 2), Buffer.alloc(MEBIBYTE / 2, 'text ')])
  for (const name of ['one', 'two', 'three']) {
    const file = openSync(join(store, 'files', name), 'w')
    for (let written = 0; written < bytes * 0.3; written += block.length) {
      block.writeDoubleLE(written, 0)
      writeSync(file, block)
    }
    closeSync(file)
  }
  const database = new Database(join(store, 'db.sqlite'))
  database.exec('CREATE TABLE large (a BLOB)')
  const insert = database.prepare('INSERT INTO large VALUES (?)')
  for (let written = 0; written < bytes * 0.1; written += block.length) insert.run(block)
  database.close()
}

async function run(line) {
  await measure(undefined, [line.split(' ')])
}

/** Runs one verb, or two with a pipe between them. */
async function measure(label, verbs) {
  const began = performance.now()
  const children = verbs.map((verb, index) => {
    const env = { ...process.env, MANTISSA_BENCH_MEMORY_FILE: join(cwd, `memory-${index}`) }
    const stdio = ['pipe', index + 1 < verbs.length ? 'pipe' : 'ignore', label === undefined ? 'ignore' : 'inherit']
    return spawn(process.execPath, ['--import', reporter, bin, ...verb], { cwd, env, stdio })
  })
  children[0].stdin.end()
  if (children.length > 1) children[0].stdout.pipe(children[1].stdin)
  for (const [code] of await Promise.all(children.map(child => once(child, 'close'))))
    if (code !== 0) throw new Error(`${verbs.map(verb => verb.join(' ')).join(' | ')} ended with ${code}`)
  if (label === undefined) return
  const seconds = (performance.now() - began) / 1000
  const peaks = verbs.map((_, index) => Number(readFileSync(join(cwd, `memory-${index}`), 'utf8')) * 1024)
  const rate = `${inMebibytes(bytes)} in ${seconds.toFixed(1)} s, ${inMebibytes(bytes / seconds)}/s`
  console.log(`${label}: ${rate}, peak memory ${peaks.map(inMebibytes).join(' and ')}`)
  if (peaks.some(peak => peak > MOST)) failed = true
}

async function compare(site) {
  const arrived = await hashesBelow(join(cwd, site, STORE, 'files'))
  const database = new Database(join(cwd, site, STORE, 'db.sqlite'), { readonly: true })
  const rows = database.prepare('SELECT count(*) FROM large').pluck().get()
  database.close()
  const isEqual = JSON.stringify(arrived) === JSON.stringify(wanted) && rows === Math.ceil((bytes * 0.1) / MEBIBYTE)
  console.log(isEqual ? 'what arrived is what left' : 'what arrived is NOT what left')
  if (!isEqual) failed = true
}

async function hashesBelow(directory) {
  const hashes = {}
  for (const name of readdirSync(directory).sort()) {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(join(directory, name), { highWaterMark: MEBIBYTE })) hash.update(chunk)
    hashes[name] = hash.digest('hex')
  }
  return hashes
}

function inMebibytes(count) {
  return `${(count / MEBIBYTE).toFixed(1)} MiB`
}
