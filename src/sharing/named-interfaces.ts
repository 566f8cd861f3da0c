import { NotFoundError } from '../base/errors.js'
import { didYouMean, nearestNames } from '../base/nearest-names.js'
import type { Item } from '../store-engine/items/item.js'
import { findInterface, type Interface } from '../store-engine/powerups/interface.js'
import { allInterfacesOf } from './shared-facet.js'

/** No code that is loaded defines an interface of that name; nothing was shared. */
export class NoSuchInterfaceError extends NotFoundError {
  constructor(name: string, offered: readonly string[]) {
    const near = offered.filter(each => each.split('.').at(-1) === name)
    super(`there is no interface ${JSON.stringify(name)}`, {
      code: 'NO_SUCH_INTERFACE',
      hint: didYouMean(near.length > 0 ? near : nearestNames(name, offered)) || hintOf(offered),
      details: { interface: name, offered: [...offered] },
    })
  }
}

/** The interfaces of these names, to share an item by. @throws NoSuchInterfaceError, which knows those of the item. */
export function interfacesByName(item: Item, names: readonly string[]): readonly Interface[] {
  return names.map(name => {
    const face = findInterface(name)
    if (face !== undefined) return face
    throw new NoSuchInterfaceError(
      name,
      allInterfacesOf(item).map(each => each.name),
    )
  })
}

function hintOf(offered: readonly string[]): string {
  return offered.length === 0 ? 'the item offers none' : `the item offers ${offered.join(', ')}`
}
