import type { ProtocolFactoryMaker, Service, ServiceHost } from '../offerings/services.js'
import { IService } from '../offerings/site-items/interfaces.js'
import type { Item } from '../store-engine/items/item.js'
import { isPort, ListeningPort, type PortItem } from './ports/listening-port.js'

/** Who speaks at ports whose factory is an item of that type; for types that are no makers themselves. */
export type FactoryMakers = ReadonlyMap<string, ProtocolFactoryMaker>

/**
 * Everything in the site store that is a powerup for IService, started in the order of its powerups and stopped in
 * reverse. One that fails is told and keeps no other from running.
 */
export class ServiceTree {
  readonly #host: ServiceHost
  readonly #makers: FactoryMakers
  readonly #running: { readonly item: Item; readonly service: Service }[] = []

  constructor(host: ServiceHost, makers: FactoryMakers) {
    this.#host = host
    this.#makers = makers
  }

  /** The ports that listen. */
  get ports(): readonly ListeningPort[] {
    return this.#running.flatMap(({ service }) => (service instanceof ListeningPort ? [service] : []))
  }

  async start(): Promise<void> {
    for (const item of this.#host.site.store.powerupsFor(IService) as Item[]) {
      const service = isPort(item) ? new ListeningPort(item as PortItem, this.#makers) : (item as Item & Service)
      try {
        await service.startService(this.#host)
        this.#running.push({ item, service })
      } catch (error) {
        this.#host.log.error({ err: error, service: String(item.storeID) }, 'a service did not start')
      }
    }
  }

  async stop(): Promise<void> {
    for (const { service, item } of this.#running.splice(0).reverse()) {
      try {
        await service.stopService()
      } catch (error) {
        this.#host.log.error({ err: error, service: String(item.storeID) }, 'a service did not stop')
      }
    }
  }
}
