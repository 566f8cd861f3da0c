/**
 * How shared items are shown: an offering registers a renderer for an item type or for an interface.
 *
 * A renderer gets the shared facet, never the item: it can show and do only what the viewer was given. Where an item has
 * several renderers, that of its type counts before those of the interfaces, and these in the order in which the share
 * names them.
 */
import type { JsonValue } from '../../base/json.js'
import type { ItemConstructor } from '../../store-engine/items/item.js'
import type { Interface } from '../../store-engine/powerups/interface.js'
import type { ActionOutcome, FormFields, PageRequest, ShownPage } from './page.js'

export interface Renderer<Facet> {
  /** The page for people; readable without scripts. */
  html(facet: Facet, request: PageRequest): ShownPage
  /** For programs; without it they get the facet's members that are no methods. */
  json?(facet: Facet, request: PageRequest): JsonValue
  /**
   * What people who have logged in may do, by the name that the URL ends with. It runs in a transaction of the store;
   * that it may be done at all is the facet's affair: a member that was not shared is not there.
   */
  readonly actions?: Readonly<
    Record<string, (facet: Facet, fields: FormFields, request: PageRequest) => ActionOutcome | undefined>
  >
}

// biome-ignore lint/suspicious/noExplicitAny: renderers of all facets in one map; register and find keep them apart
type AnyRenderer = Renderer<any>

const byType = new Map<string, AnyRenderer>()
const byInterface = new Map<string, AnyRenderer>()

/** Shows items of a class through `renderer`, whatever interfaces of it are shared. The last registration counts. */
export function registerItemRenderer<C extends ItemConstructor>(
  itemClass: C,
  renderer: Renderer<Partial<InstanceType<C>>>,
): void {
  byType.set(itemClass.itemType.typeName, renderer)
}

/** Shows whatever is shared with the interface. The last registration counts. */
export function registerInterfaceRenderer<T>(face: Interface<T>, renderer: Renderer<T>): void {
  byInterface.set(face.name, renderer)
}

/** Undefined where nobody knows how to show it. */
export function findRenderer(typeName: string, faces: readonly Interface[]): Renderer<unknown> | undefined {
  return byType.get(typeName) ?? faces.map(face => byInterface.get(face.name)).find(each => each !== undefined)
}
