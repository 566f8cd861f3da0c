import { ConflictError } from '../../base/errors.js'
import { defineColumns, type ItemConstructor } from './item.js'

const classes = new Map<string, ItemConstructor>()
const classNames = new WeakMap<ItemConstructor, string>()

/**
 * Makes classes known by their typeName, so that items can be loaded by storeID. To be called once, below the class.
 *
 * The module names that stores carry are never imported: a file from a stranger must not choose code to run.
 * @throws ConflictError when another class has the typeName.
 */
export function registerItemTypes(...itemClasses: readonly ItemConstructor[]): void {
  for (const each of itemClasses) {
    const { typeName } = each.itemType
    const known = classes.get(typeName)
    if (known !== undefined && known !== each)
      throw new ConflictError(`two classes want to be the item type ${typeName}`, { code: 'ITEM_TYPE_TAKEN' })
    classes.set(typeName, each)
    if (typeof each.name === 'string') classNames.set(each, each.name)
    defineColumns(each, each.itemType.source)
  }
}

/** The class of a type, whatever its version; undefined when no code for it is loaded. */
export function findItemClass(typeName: string): ItemConstructor | undefined {
  return classes.get(typeName)
}

/** What its author called a class, also where a column called `name` has taken the place of that. */
export function classNameOf(itemClass: ItemConstructor): string {
  const own: unknown = classNames.get(itemClass) ?? itemClass.name
  return typeof own === 'string' && own !== '' ? own : itemClass.itemType.typeName
}

export function registeredItemTypes(): readonly ItemConstructor[] {
  return [...classes.values()]
}

/** Classes that hold a reference with a rule for the deletion of an item of the given type. */
export function classesReferringTo(typeName: string): readonly ItemConstructor[] {
  return registeredItemTypes().filter(each =>
    each.itemType.attributes.some(({ attribute: { reference } }) => {
      if (reference === undefined || reference.whenDeleted === 'nullify') return false
      return reference.target === undefined || reference.target().itemType.typeName === typeName
    }),
  )
}
