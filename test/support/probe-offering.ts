import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const MANIFEST = {
  name: 'probe',
  version: '1.0.0',
  description: 'Looks into stores of users for tests',
  type: 'module',
  mantissa: {
    offerings: './offerings.js',
    provides: [{ name: 'probe', description: 'Looks into stores of users', version: '1.0.0', powerups: [] }],
  },
}

/**
 * A port at which tests have the node use a store: `/read/<address>` tells a counter in it, `/write/<address>` counts. The
 * application store is a service store of its own: its item writes a line to `run/probe.log` when it starts and stops.
 */
const CODE = `
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { defineOffering, integer, IService, item, locateAddress, openAppStore, SubStore, TcpPort } from 'mantissa'

class Counter extends item({
  typeName: 'probe_counter', version: 1, module: 'axiom.item', attributes: { value: integer({ default: 0 }) },
}) {}

class Diary extends item({
  typeName: 'probe_diary', version: 1, module: 'axiom.item', attributes: { dummy: integer() }, powerupInterfaces: [IService],
}) {
  startService() { this.write('start') }
  stopService() {
    this.write('stop')
    if (process.env.PROBE_LINGERS) return new Promise(() => {})
  }
  write(word) {
    const place = this.store.parent === null ? 'site' : 'app'
    const site = this.store.parent ?? this.store
    appendFileSync(join(site.directory, 'run', 'probe.log'), word + ' ' + place + '\\n')
  }
}

class Probe extends item({
  typeName: 'probe_probe', version: 1, module: 'axiom.item', attributes: { dummy: integer() },
}) {
  makeProtocolFactory(host) {
    return { createServer: () => createServer((request, response) => void answer(host, request, response)) }
  }
}

async function answer(host, request, response) {
  const [, deed, address] = decodeURIComponent(request.url).split('/')
  try {
    const found = locateAddress(host.site, address)
    if (found.kind !== 'here') return response.writeHead(404).end(found.kind)
    const value = await host.withUserStore(found.account, store => deed === 'write' ? count(store) : read(store))
    response.end(String(value))
  } catch (error) {
    if (error.code === 'NO_STORE') return response.writeHead(404).end('gone')
    response.writeHead(error.name.includes('Busy') || error.code === 'STORE_SEALED' ? 503 : 500).end(error.code + ' ' + error.message)
  }
}

const read = store => store.findFirst(Counter)?.value ?? 0
const count = store => store.transact(() => {
  const counter = store.findOrCreate(Counter, {})
  counter.value += 1
  return counter.value
})

export const offerings = [defineOffering({
  name: 'probe', description: 'Looks into stores of users', version: '1.0.0',
  siteRequirements: [{ itemClass: Probe }, { itemClass: Diary }], itemTypes: [Counter], appPowerups: [Diary],
  staticContentPath: join(import.meta.dirname, 'public'),
  prepareSite: () => store => {
    const port = store.create(TcpPort, { portNumber: 0, interface: '127.0.0.1', factory: store.findFirst(Probe) })
    store.powerUp(port, IService)
  },
})]
`

/** A directory for \`offering add-source\`, below \`parent\`. */
export function makeProbeOffering(parent: string): string {
  const directory = join(parent, 'probe')
  mkdirSync(directory, { mode: 0o755 })
  writeFileSync(join(directory, 'package.json'), JSON.stringify(MANIFEST), { mode: 0o644 })
  writeFileSync(join(directory, 'offerings.js'), CODE, { mode: 0o644 })
  mkdirSync(join(directory, 'public'), { mode: 0o755 })
  writeFileSync(join(directory, 'public', 'logo.svg'), '<svg/>', { mode: 0o644 })
  return directory
}
