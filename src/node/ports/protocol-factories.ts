import type { PortItem } from '../../offerings/ports/endpoint-of-port.js'
import type { ProtocolFactory, ProtocolFactoryMaker, ServiceHost } from '../../offerings/services.js'
import { Item } from '../../store-engine/items/item.js'
import { findItemClass } from '../../store-engine/items/registry.js'
import type { FactoryMakers } from '../service-tree.js'
import { NotAFactoryError, PortWithoutFactoryError } from './port-failure.js'

/** A share in a protocol factory; the last one to be given back closes it. */
export interface FactoryLease {
  readonly factory: ProtocolFactory
  release(): Promise<void>
}

interface Shared {
  readonly factory: Promise<ProtocolFactory>
  users: number
}

const sharedBy = new WeakMap<ServiceHost, Map<number, Shared>>()

/**
 * What speaks at a port. All ports of a node that refer to the same item share one factory: it is made for the first
 * and closed after the last.
 *
 * @throws PortWithoutFactoryError, NotAFactoryError, and what making it throws; nothing is held then.
 */
export async function leaseFactory(port: PortItem, makers: FactoryMakers, host: ServiceHost): Promise<FactoryLease> {
  const { id, maker } = makerFor(port, makers)
  const shared = sharedBy.get(host) ?? new Map<number, Shared>()
  sharedBy.set(host, shared)
  const entry = shared.get(id) ?? { factory: Promise.resolve(maker.makeProtocolFactory(host)), users: 0 }
  shared.set(id, entry)
  entry.users += 1
  const leave = (): boolean => {
    entry.users -= 1
    return entry.users === 0 && shared.get(id) === entry && shared.delete(id)
  }
  try {
    const factory = await entry.factory
    return { factory, release: async () => (leave() ? await factory.close?.() : undefined) }
  } catch (error) {
    leave()
    throw error
  }
}

function makerFor(port: PortItem, makers: FactoryMakers): { id: number; maker: ProtocolFactoryMaker } {
  const id = port.store.storedReference(port, 'factory')
  const typeName = port.store.typeNameOf(id)
  if (id === null || typeName === undefined)
    throw new PortWithoutFactoryError(port.storeID, id === null ? 'it has no factory' : 'its factory has gone')
  const known = makers.get(typeName)
  if (known !== undefined) return { id, maker: known }
  if (findItemClass(typeName) === undefined)
    throw new PortWithoutFactoryError(port.storeID, `${typeName} has no code here`)
  const item = port.store.getItemById(id)
  if (!(item instanceof Item && isMaker(item))) throw new NotAFactoryError(port.storeID, `${typeName} ${id}`)
  return { id, maker: item }
}

function isMaker(item: Item): item is Item & ProtocolFactoryMaker {
  return 'makeProtocolFactory' in item && typeof item.makeProtocolFactory === 'function'
}
