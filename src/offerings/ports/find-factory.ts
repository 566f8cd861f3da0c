import { PowerupConnector } from '../../store-engine/powerups/powerup.js'
import { and } from '../../store-engine/queries/comparison.js'
import type { Store } from '../../store-engine/store.js'
import { IProtocolFactoryFactory } from '../site-items/interfaces.js'
import { SiteConfiguration } from '../site-items/site-configuration.js'
import { portItemsOf } from './list-ports.js'
import { FactoryNotFoundError } from './port-errors.js'

/** An item that speaks a protocol at ports. Nothing of its code is needed to say what it is. */
export interface PortFactory {
  readonly storeID: number
  /** Null where the item has gone. */
  readonly typeName: string | null
}

/** What people call the web server of the site. */
const WEB = 'web'

/** By storeID: what says of itself that it makes protocols, and whatever a port refers to. */
export function listFactories(siteStore: Store): readonly PortFactory[] {
  const { item, interface: face } = PowerupConnector
  const where = and(item.equals(siteStore), face.equals(IProtocolFactoryFactory.name))
  const powerups = siteStore
    .query(PowerupConnector, { where })
    .toArray()
    .map(each => siteStore.storedReference(each, 'powerup'))
  const used = portItemsOf(siteStore).map(each => siteStore.storedReference(each, 'factory'))
  const ids = [...new Set([...powerups, ...used])].filter(id => id !== null).sort((a, b) => a - b)
  return ids.map(storeID => ({ storeID, typeName: siteStore.typeNameOf(storeID) ?? null }))
}

/**
 * The factory that is meant by a number, by the name of its type or a part of that which no other has, or by `web`.
 * @throws FactoryNotFoundError
 */
export function findFactory(siteStore: Store, text: string): PortFactory {
  const known = listFactories(siteStore).filter(each => each.typeName !== null)
  if (/^\d+$/.test(text)) return numbered(siteStore, text, known)
  const wanted = text === WEB ? SiteConfiguration.itemType.typeName : text.toLowerCase()
  const exact = known.filter(each => each.typeName?.toLowerCase() === wanted)
  const found = exact.length > 0 ? exact : known.filter(each => each.typeName?.toLowerCase().includes(wanted))
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  const which = found.length === 0 ? 'nothing here that speaks a protocol is called' : 'more than one factory is called'
  throw new FactoryNotFoundError(`${which} ${text}`, text, names(found.length === 0 ? known : found))
}

function numbered(siteStore: Store, text: string, known: readonly PortFactory[]): PortFactory {
  const found = known.find(each => each.storeID === Number(text))
  if (found !== undefined) return found
  const isItem = Number.isSafeInteger(Number(text)) && siteStore.typeNameOf(Number(text)) !== undefined
  const what = isItem ? 'a factory' : 'an item'
  throw new FactoryNotFoundError(`${text} does not identify ${what}`, text, names(known))
}

function names(factories: readonly PortFactory[]): readonly string[] {
  return factories.map(({ storeID, typeName }) => `${storeID} (${typeName})`)
}
