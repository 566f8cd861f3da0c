import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, beforeAll } from 'vitest'
import { type ListeningOptions, ListeningPort } from '../../src/node/ports/listening-port.js'
import { RunningNode } from '../../src/node/running-node.js'
import { createSite } from '../../src/offerings/create-site.js'
import { isPort, type PortItem } from '../../src/offerings/ports/endpoint-of-port.js'
import { portItemsOf } from '../../src/offerings/ports/list-ports.js'
import type { ProtocolFactory } from '../../src/offerings/services.js'
import { IProtocolFactoryFactory } from '../../src/offerings/site-items/interfaces.js'
import { StringEndpointPort } from '../../src/offerings/site-items/ports.js'
import { Site } from '../../src/site/site.js'
import { integer } from '../../src/store-engine/attributes/attributes.js'
import { item } from '../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../src/store-engine/items/registry.js'
import { KeptLog } from './started-site.js'

/** Says every line back; `bye` ends the connection once it is told to drain. */
export class EchoFactory extends item({
  typeName: 'test_echofactory',
  version: 1,
  module: 'axiom.item',
  attributes: { answered: integer({ default: 0 }) },
  powerupInterfaces: [IProtocolFactoryFactory],
}) {
  static made = 0
  static closed = 0
  static drained = 0

  makeProtocolFactory(): ProtocolFactory {
    EchoFactory.made += 1
    const answer = (socket: Socket): void => {
      socket.on('error', () => {}).pipe(socket)
    }
    return {
      createServer: (tls): Server => (tls === null ? createServer(answer) : createTlsServer(tls, answer)),
      drain: () => {
        EchoFactory.drained += 1
      },
      close: async () => {
        EchoFactory.closed += 1
      },
    }
  }
}

registerItemTypes(EchoFactory)

/** A node on a site whose ports do not listen, with an item that speaks; one for a test file. */
export class PortBench {
  readonly log = new KeptLog()
  readonly directory = mkdtempSync(join(tmpdir(), 'ports-'))
  readonly #started: ListeningPort[] = []
  #site: Site | undefined
  #node: RunningNode | undefined

  constructor() {
    beforeAll(async () => {
      await createSite(join(this.directory, 'site.axiom'), { hostname: 'example.com' })
      this.#site = Site.open(join(this.directory, 'site.axiom'))
      for (const port of portItemsOf(this.site.store)) port.deleteFromStore()
      this.site.store.create(EchoFactory, {})
      this.#node = await RunningNode.start(this.site, { log: this.log, makers: new Map() })
    })
    afterAll(async () => {
      for (const port of this.#started) await port.stopService()
      await this.#node?.stop()
      this.#site?.close()
      rmSync(this.directory, { recursive: true })
    })
  }

  get site(): Site {
    if (this.#site === undefined) throw new Error('not yet')
    return this.#site
  }

  get node(): RunningNode {
    if (this.#node === undefined) throw new Error('not yet')
    return this.#node
  }

  get factory(): EchoFactory {
    const factory = this.site.store.findFirst(EchoFactory)
    if (factory === undefined) throw new Error('not yet')
    return factory
  }

  endpoint(description: string): StringEndpointPort {
    return this.site.store.create(StringEndpointPort, { description, factory: this.factory })
  }

  async listen(port: PortItem | string, options: ListeningOptions = {}): Promise<ListeningPort> {
    const item = typeof port === 'string' ? this.endpoint(port) : port
    if (!isPort(item)) throw new Error('no port')
    const listening = new ListeningPort(item, new Map(), { patience: 100, ...options })
    await listening.startService(this.node)
    this.#started.push(listening)
    return listening
  }

  /** What it says when it does not start. */
  async refusal(port: PortItem | string): Promise<unknown> {
    return await this.listen(port).then(
      () => 'it listens',
      error => error,
    )
  }
}
