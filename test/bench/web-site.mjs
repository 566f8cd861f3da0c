import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createBatch } from '../../dist/accounts/create-batch.js'
import { INote } from '../../dist/bundled/notes/notebook.js'
import { NotesApplication } from '../../dist/bundled/notes/notes-application.js'
import { createSite } from '../../dist/offerings/create-site.js'
import { installOffering } from '../../dist/offerings/install-offering.js'
import { loadOffering } from '../../dist/offerings/load-offering.js'
import { SslPort, TcpPort } from '../../dist/offerings/site-items/ports.js'
import { getEveryoneRole } from '../../dist/sharing/roles.js'
import { shareItem } from '../../dist/sharing/share-item.js'
import { Site } from '../../dist/site/site.js'
import { bin } from './measure.mjs'

/** How many accounts are made in one transaction of the site. */
const BATCH = 100
export const SHARE = 'note'

/** A site of `count` people, user1 and so on, each with a note that everybody may see. */
export async function makeWebSite(directory, { count, port, passwordHash = null }) {
  await createSite(directory, { hostname: 'example.com' })
  const site = Site.open(directory)
  await installOffering(site, await loadOffering('notes', site))
  for (const tls of site.store.query(SslPort)) tls.deleteFromStore()
  Object.assign(site.store.findUnique(TcpPort), { portNumber: port, interface: '127.0.0.1' })
  const accounts = Array.from({ length: count }, (_, index) => ({
    address: { localpart: `user${index + 1}`, domain: 'example.com' },
    passwordHash,
  }))
  for (let start = 0; start < count; start += BATCH)
    for (const { error } of createBatch(site, accounts.slice(start, start + BATCH), { prepare: shareNote }))
      if (error !== undefined) throw error
  site.close()
}

function shareNote(store) {
  const application = store.create(NotesApplication, {})
  const note = application.addNote({ title: 'A note', body: 'Some sentences that are shown. '.repeat(10) })
  shareItem(getEveryoneRole(store), note, { interfaces: [INote], shareID: SHARE })
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** The node of a site as a process of its own. */
export function startNode(site, port) {
  return startServer([bin, 'start', '--site', site, '--admin', 'tcp:0:interface=127.0.0.1'], port)
}

/** A program that listens at a port; ready when it accepts. `end` waits until it is gone. */
export async function startServer(words, port) {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', chunk => {
    complaint += chunk
  })
  const ended = once(child, 'close')
  const url = `http://127.0.0.1:${port}`
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`${words.join(' ')} ended with ${child.exitCode}: ${complaint}`)
    await setTimeout(20)
  }
  return {
    url,
    memory: () => Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024,
    descriptors: () => readdirSync(join('/proc', String(child.pid), 'fd')).length,
    end: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

async function answers(url) {
  try {
    await fetch(url, { redirect: 'manual' })
    return true
  } catch {
    return false
  }
}
