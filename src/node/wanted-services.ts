import { isAbsolute, relative } from 'node:path'
import { isPort } from '../offerings/ports/endpoint-of-port.js'
import { IService } from '../offerings/site-items/interfaces.js'
import { UnknownItemTypeError } from '../store-engine/errors.js'
import { Item } from '../store-engine/items/item.js'
import { PowerupConnector } from '../store-engine/powerups/powerup.js'
import { and } from '../store-engine/queries/comparison.js'
import type { Store } from '../store-engine/store.js'
import type { ServiceFacts } from './running-service.js'

/** A powerup for IService as the store has it now. */
export interface WantedService extends ServiceFacts {
  /** Undefined where its type has no code here. */
  readonly item: Item | undefined
}

/**
 * What a store says shall run, in the order of its powerups. Unlike asking the store for its powerups this names also
 * those that have no code here, and opens no substore.
 */
export function listWantedServices(store: Store): readonly WantedService[] {
  const connectors = store.query(PowerupConnector, {
    where: and(PowerupConnector.item.equals(store), PowerupConnector.interface.equals(IService.name)),
    sort: PowerupConnector.priority.descending,
  })
  const found = new Map<number, WantedService>()
  for (const connector of connectors) {
    const id = store.storedReference(connector, 'powerup')
    const type = store.typeNameOf(id)
    if (id === null || type === undefined) continue
    const item = itemOf(connector)
    found.set(id, { id, type, item, store: placeOf(store), name: nameOf(type, id), signature: signatureOf(item) })
  }
  return [...found.values()]
}

function itemOf(connector: PowerupConnector): Item | undefined {
  try {
    const { powerup } = connector
    return powerup instanceof Item ? powerup : undefined
  } catch (error) {
    if (error instanceof UnknownItemTypeError) return undefined
    throw error
  }
}

function nameOf(type: string, id: number): string {
  const [, port] = /^xmantissa_port_(tcp|ssl|stringendpoint)port$/.exec(type) ?? []
  return port === undefined ? `${type} ${id}` : `port ${id}`
}

/** A port is what its attributes say; other services look after themselves. Code may come after the item. */
function signatureOf(item: Item | undefined): string {
  if (item === undefined) return 'without code'
  return isPort(item) ? String(item) : ''
}

/** Of a store below the site's, where it lies there. */
function placeOf({ directory, parent }: Store): string {
  if (parent === null) return ''
  const path = relative(parent.filesDirectory ?? '', directory ?? '')
  return isAbsolute(path) ? (directory ?? '') : path
}
