import type { ServiceHost } from '../offerings/services.js'
import type { Store } from '../store-engine/store.js'
import type { SubStore } from '../store-engine/sub-store.js'
import type { FactoryMakers } from './service-tree.js'

/** What the node's own parts know of it beyond what services do. */
export interface NodeServiceHost extends ServiceHost {
  readonly makers: FactoryMakers
  /** The store of a substore that stays open until it is let go. */
  keepOpen(subStore: SubStore): Store
  letGo(subStore: SubStore): void
}
