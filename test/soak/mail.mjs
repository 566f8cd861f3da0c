/**
 * Messages come in by SMTP over ten connections while the node is killed and started again. Then a reader without code of
 * ours looks whether every message that was answered with 250 is there, in every store, byte for byte, and none twice.
 *
 *   npm run soak:mail                       1,000 messages, three kills
 *   npm run soak:mail -- --messages 5000 --kills 10 --seed 7
 *
 * The seed decides who gets which messages, not when the node dies in which. Exits 1 when something is wrong.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import nodemailer from 'nodemailer'
import { createAccount } from '../../dist/accounts/create-account.js'
import { parseAddress } from '../../dist/base/address.js'
import { MailSmtpFactory } from '../../dist/bundled/mail/mail-smtp-factory.js'
import { createSite } from '../../dist/offerings/create-site.js'
import { installOffering } from '../../dist/offerings/install-offering.js'
import { loadOffering } from '../../dist/offerings/load-offering.js'
import { SslPort, TcpPort } from '../../dist/offerings/site-items/ports.js'
import { Site } from '../../dist/site/site.js'
import { checkMail } from './mail-check.mjs'
import { makeMessage } from './mail-messages.mjs'
import { Random } from './random.mjs'

const bin = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'bin', 'mantissa.js')
const CONNECTIONS = 10
const USERS = ['anna', 'bert', 'cleo', 'dora', 'emil'].map(name => `${name}@example.com`)
/** Nobody is to be slowed down. */
const LIMITS = [
  'newConnectionsPerAddress',
  'messagesPerAddress',
  'recipientsPerAddress',
  'refusalsPerAddress',
  'connectionsPerAddress',
]

const { values } = parseArgs({
  options: { messages: { type: 'string' }, kills: { type: 'string' }, seed: { type: 'string' } },
})
const count = Number(values.messages ?? 1000)
const killsWanted = Number(values.kills ?? 3)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const random = new Random(seed)
console.log(`${count} messages over ${CONNECTIONS} connections, ${killsWanted} kills, seed ${seed}`)

const directory = mkdtempSync(join(tmpdir(), 'mantissa-soak-'))
const site = join(directory, 'site.axiom')
const messages = Array.from({ length: count }, (_, number) => makeMessage(random, { number, users: USERS }))
/** Attempts of which nobody knows how they ended: the connection was lost. */
let unanswered = 0
let accepted = 0
let kills = 0
let node
try {
  const port = await freePort()
  await makeSite(port)
  node = await startNode(port)
  const began = performance.now()
  const waiting = [...messages]
  await Promise.all([...Array.from({ length: CONNECTIONS }, () => keepSending(waiting, port)), keepKilling(port)])
  const seconds = (performance.now() - began) / 1000
  await endNode('SIGTERM')
  const { wrongs, doubles, leftOver } = checkMail(site, { messages, users: USERS })
  for (const wrong of wrongs.slice(0, 20)) console.log(`WRONG ${wrong}`)
  console.log(
    `${accepted} accepted, ${(accepted / seconds).toFixed(0)} a second; ${unanswered} attempts without an answer, ` +
      `of which ${doubles} are stored twice; ${leftOver} files without an item`,
  )
  console.log(`${kills} killed, ${wrongs.length} wrongs`)
  process.exitCode = wrongs.length === 0 && accepted === count && kills === killsWanted ? 0 : 1
} finally {
  node?.child.kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true })
}

async function makeSite(port) {
  await createSite(site, { hostname: 'example.com' })
  const opened = Site.open(site)
  await installOffering(opened, await loadOffering('mail', opened))
  for (const user of USERS) createAccount(opened, { address: parseAddress(user), passwordHash: null })
  const factory = opened.store.findUnique(MailSmtpFactory)
  for (const each of opened.store.query(SslPort)) each.deleteFromStore()
  for (const each of opened.store.query(TcpPort)) if (each.factory !== factory) each.deleteFromStore()
  Object.assign(opened.store.findUnique(TcpPort), { portNumber: port, interface: '127.0.0.1' })
  Object.assign(factory, Object.fromEntries(LIMITS.map(name => [name, 1_000_000])))
  opened.close()
}

/** One connection, and another when it is lost; each message again until it is answered with 250. */
async function keepSending(waiting, port) {
  const options = { host: '127.0.0.1', port, ignoreTLS: true, pool: true, maxConnections: 1, maxMessages: Infinity }
  const transport = nodemailer.createTransport({ ...options, maxRequeues: 0 })
  for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) {
    while (!(await isAccepted(transport, message))) await setTimeout(30)
    accepted += 1
  }
  transport.close()
}

async function isAccepted(transport, { from, to, raw }) {
  try {
    const { response, rejected } = await transport.sendMail({ envelope: { from, to }, raw })
    if (!response.startsWith('250') || rejected.length > 0) throw new Error(`answered with ${response}`)
    return true
  } catch (error) {
    if (error.responseCode >= 500) throw error
    if (error.responseCode === undefined && error.code !== 'ECONNREFUSED' && error.code !== 'ESOCKET') unanswered += 1
    return false
  }
}

/** Evenly over the messages, but for some that chance adds. */
async function keepKilling(port) {
  const between = count / (killsWanted + 1)
  for (let number = 1; number <= killsWanted; number += 1) {
    const until = Math.floor(between * number - random.below(Math.ceil(between / 3)))
    while (accepted < until) await setTimeout(5)
    await setTimeout(random.below(20))
    await endNode('SIGKILL')
    kills += 1
    node = await startNode(port)
  }
}

async function startNode(port) {
  const words = [bin, 'start', '--site', site, '--admin', 'tcp:0:interface=127.0.0.1']
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', chunk => {
    complaint += chunk
  })
  const ended = once(child, 'close')
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`the node ended with ${child.exitCode}: ${complaint}`)
    await setTimeout(20)
  }
  return { child, ended }
}

async function endNode(signal) {
  node.child.kill(signal)
  await node.ended
}

function isListening(port) {
  return new Promise(resolve => {
    const socket = createConnection(port, '127.0.0.1', () => resolve(true))
    socket.on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
