/**
 * Four processes write to one site for a while, of which one is killed now and then, while verbs change its accounts.
 * Then a reader without code of ours looks whether everything is there that was told to be, and nothing by halves.
 *
 *   npm run soak                    for 60 seconds
 *   npm run soak -- --seconds 600 --seed 7
 *   npm run soak -- --journal-mode delete
 *
 * The seed decides what each writer does, not how the system interleaves them. Exits 1 when something is wrong.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { LoginAccount } from '../../dist/accounts/login-account.js'
import '../../dist/accounts/login-upgrades.js'
import { Site } from '../../dist/site/site.js'
import { findWrongs } from './check.mjs'
import { furnish } from './items.mjs'
import { Random } from './random.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const bin = join(here, '..', '..', 'bin', 'mantissa.js')
const WRITERS = ['anna', 'bert', 'cleo', 'dora']
const USERS = ['u1@example.com', 'u2@example.com', 'u3@example.com']

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, seed: { type: 'string' }, 'journal-mode': { type: 'string' } },
})
const journalMode = values['journal-mode'] ?? 'wal'
const seconds = Number(values.seconds ?? 60)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const random = new Random(seed)
console.log(`${WRITERS.length} writers for ${seconds} s, journal mode ${journalMode}, seed ${seed}`)

const directory = mkdtempSync(join(tmpdir(), 'mantissa-soak-'))
const site = join(directory, 'site.axiom')
const passwordFile = join(directory, 'password')
/** The words of a verb, the address of the account that it changes, and what `user` must tell of it afterwards. */
const VERBS = [
  user => [['usermod', user, '--disable'], user, { disabled: true }],
  user => [['usermod', user, '--enable'], user, { disabled: false }],
  user => [['passwd', user, '--password-file', passwordFile], user, { password: true }],
  (user, count) => [['login-method', 'add', user, `a${count}@example.com`], `a${count}@example.com`, { address: user }],
  (_, count) => [['useradd', `n${count}@example.com`, '--passwordless'], `n${count}@example.com`, { password: false }],
]
/** Addresses that verbs have made or changed. */
const accounts = [...USERS]
/** What each process printed, by its name. */
const told = new Map()
const wrongs = []
let kills = 0
let verbs = 0
try {
  await makeSite()
  const end = performance.now() + seconds * 1000
  await Promise.all([...WRITERS.map((name, index) => keepWriting(name, { end, mortal: index === 0 })), runVerbs(end)])
  wrongs.push(...findWrongs(site, { told, accounts }))
  report()
} finally {
  rmSync(directory, { recursive: true, force: true })
}
process.exitCode = wrongs.length === 0 ? 0 : 1

async function makeSite() {
  writeFileSync(passwordFile, 'a password for the soak')
  await mantissa('create-site', site, '--hostname', 'example.com')
  for (const user of USERS) await mantissa('useradd', user, '--passwordless', '--site', site)
  const opened = Site.open(site, { journalMode })
  furnish(opened.store)
  for (const account of opened.store.query(LoginAccount)) account.avatars.use(furnish, { journalMode })
  opened.close()
}

/**
 * A writer until the end; a mortal one is killed now and then, and another comes in its place. Each lives for a while
 * after its first deed, however long it takes to start.
 */
async function keepWriting(name, { end, mortal }) {
  for (let life = 1; performance.now() < end; life += 1) {
    const writer = startWriter(`${name}-${life}`)
    await Promise.race([writer.begun, writer.ended])
    const left = Math.max(300, end - performance.now())
    const until = mortal ? Math.min(left, 300 + random.below(1500)) : left
    await Promise.race([setTimeout(until), writer.ended])
    if (mortal && performance.now() < end) {
      kills += 1
      writer.child.kill('SIGKILL')
    } else writer.child.stdin.end()
    const [code, signal] = await writer.ended
    if (code !== 0 && signal !== 'SIGKILL') wrongs.push(`${name} ended with ${code ?? signal}: ${writer.complaint()}`)
  }
}

function startWriter(name) {
  const lines = []
  told.set(name, lines)
  const child = spawn(process.execPath, [join(here, 'writer.mjs'), site, name, String(random.below(2 ** 31))])
  const output = createInterface({ input: child.stdout }).on('line', line => lines.push(line))
  let complaint = ''
  child.stderr.on('data', chunk => {
    complaint += chunk
  })
  child.stdin.on('error', () => {})
  return { child, begun: once(output, 'line'), ended: once(child, 'close'), complaint: () => complaint }
}

/** What a person types meanwhile: each verb must succeed, and the next one must find what it did. */
async function runVerbs(end) {
  for (let count = 1; performance.now() < end; count += 1) {
    const [words, address, expected] = random.pick(VERBS)(random.pick(USERS), count)
    try {
      await mantissa(...words, '--site', site)
      accounts.push(address)
      const found = JSON.parse(await mantissa('user', address, '--json', '--site', site))
      for (const [key, value] of Object.entries(expected))
        if (found[key] !== value) wrongs.push(`${words.join(' ')} was lost: ${key} is ${found[key]}`)
      verbs += 2
    } catch (error) {
      wrongs.push(error.message)
    }
    await setTimeout(random.below(300))
  }
}

async function mantissa(...words) {
  const child = spawn(process.execPath, [bin, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', chunk => {
    out += chunk
  })
  child.stderr.on('data', chunk => {
    err += chunk
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`mantissa ${words.join(' ')} ended with ${code}: ${err}`)
  return out
}

function report() {
  for (const wrong of wrongs.slice(0, 20)) console.log(`WRONG ${wrong}`)
  for (const name of WRITERS) {
    const lines = [...told].filter(([writer]) => writer.startsWith(`${name}-`)).flatMap(([, each]) => each)
    const deeds = lines.filter(line => /^(payment|tick|note|removed|batch|tick-below) /.test(line))
    const waits = lines.flatMap(line => (line.startsWith('wait ') ? [Number(line.slice(5))] : []))
    const busy = lines.filter(line => line.startsWith('busy '))
    console.log(
      `${name}: ${deeds.length} deeds, ${(deeds.length / seconds).toFixed(0)} a second, longest wait ` +
        `${Math.max(0, ...waits)} ms, ${busy.length} busy errors`,
    )
  }
  console.log(`${kills} killed, ${verbs} verbs, ${wrongs.length} wrongs`)
}
