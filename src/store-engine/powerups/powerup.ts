import { boolean, integer, text } from '../attributes/attributes.js'
import { reference } from '../attributes/reference.js'
import { ConstraintError, UnknownItemTypeError } from '../errors.js'
import { Item, type ItemConstructor, item } from '../items/item.js'
import { registerItemTypes } from '../items/registry.js'
import { and, type Comparison } from '../queries/comparison.js'
import type { Store } from '../store.js'
import { INDIRECT, type Indirector, type Interface } from './interface.js'

/** Before, and after, powerups of no particular priority. */
export const POWERUP_BEFORE = 1
export const POWERUP_AFTER = -1

/** "`powerup` answers for `interface` on `item`": one row per such sentence. */
export class PowerupConnector extends item({
  typeName: 'axiom_powerup_connector',
  version: 1,
  module: 'axiom.item',
  attributes: {
    interface: text(),
    item: reference(),
    powerup: reference(),
    priority: integer(),
  },
}) {}

/** "`installee` is installed on `target`", written by `installOn`. */
export class DependencyConnector extends item({
  typeName: 'axiom_dependency__dependencyconnector',
  version: 1,
  module: 'axiom.dependency',
  attributes: {
    installee: reference({ doc: 'what is installed' }),
    target: reference({ doc: 'what it is installed on' }),
    explicitlyInstalled: boolean({ doc: 'true where somebody asked for it, false where something else needed it' }),
  },
}) {}
registerItemTypes(PowerupConnector, DependencyConnector)

/**
 * The powerups of one store: which items answer for which interface on the store or on an item in it.
 *
 * An interface is matched by its exact name. A powerup whose type has no code here, or which is gone, is passed over;
 * its connector stays, since looking is not writing.
 */
export class Powerups {
  readonly #store: Store
  readonly #inMemory = new WeakMap<Item | Store, Map<string, unknown>>()

  constructor(store: Store) {
    this.#store = store
  }

  /** Repeating it changes the priority and adds nothing. Without an interface: those that the powerup names itself. */
  add(target: Item | Store, powerup: Item, face?: Interface, priority = 0): void {
    this.#store.transact(() => {
      for (const [each, itsPriority] of facesOf(powerup, face, priority))
        this.#connect(target, powerup, each, itsPriority)
    })
  }

  /**
   * Makes anything, an item or not, the first to answer on `target` for as long as this Store object is open. One for
   * each interface: a later one takes its place. The database does not change.
   */
  addInMemory<T>(target: Item | Store, powerup: T, face: Interface<T>): void {
    const known = this.#inMemory.get(target) ?? new Map<string, unknown>()
    this.#inMemory.set(target, known.set(face.name, powerup))
  }

  /** @throws ConstraintError where it is not a powerup for the interface; nothing is removed. */
  remove(target: Item | Store, powerup: Item, face?: Interface): void {
    this.#store.transact(() => {
      for (const [each] of facesOf(powerup, face, 0)) {
        const connector = this.#store.findFirst(PowerupConnector, sentence(target, powerup, each))
        if (connector === undefined) throw new ConstraintError(`item ${powerup.storeID} is no powerup for ${each.name}`)
        connector.deleteFromStore()
      }
    })
  }

  /** Highest priority first, one in memory before all; ties in the order of their coming. */
  of<T>(target: Item | Store, face: Interface<T>): T[] {
    const connectors = this.#store.query(PowerupConnector, {
      where: and(PowerupConnector.item.equals(target), PowerupConnector.interface.equals(face.name)),
      sort: PowerupConnector.priority.descending,
    })
    const inMemory = this.#inMemory.get(target)?.get(face.name)
    const stored = [...connectors]
      .flatMap(connector => powerupOf(connector))
      .flatMap(powerup => answerOf(powerup, face))
    return (inMemory === undefined ? stored : [inMemory, ...stored]) as T[]
  }

  /** Names of the interfaces that an item answers for on a target. */
  interfacesOf(target: Item | Store, powerup: Item): string[] {
    const where = and(PowerupConnector.item.equals(target), PowerupConnector.powerup.equals(powerup))
    return [...this.#store.query(PowerupConnector, { where })].map(each => each.interface ?? '')
  }

  /** Takes an item away as a powerup for the interface, wherever it is one; nothing is not an error. */
  withdraw(powerup: Item, face: Interface): void {
    const { powerup: column, interface: faces } = PowerupConnector
    this.#store
      .query(PowerupConnector, { where: and(column.equals(powerup), faces.equals(face.name)) })
      .deleteFromStore()
  }

  /** Removes every connector, of powerups and of dependencies, that names an item which is no more. */
  forget(storeID: number): void {
    for (const connector of [PowerupConnector, DependencyConnector]) {
      const table = this.#store.engine.findTable(connector)
      const columns = connector.itemType.attributes.filter(({ attribute }) => attribute.kind === 'reference')
      const names = columns.map(({ name }) => `[${name}] = ?`)
      const where = table?.selectSql(`WHERE ${names.join(' OR ')}`)
      if (where === undefined) continue
      const rows = this.#store.engine.connection.prepare(where).all(...columns.map(() => storeID))
      for (const row of rows) this.#store.engine.materialize(connector, row).deleteFromStore()
    }
  }

  #connect(target: Item | Store, powerup: Item, face: Interface, priority: number): void {
    const known = this.#store.findFirst(PowerupConnector, sentence(target, powerup, face))
    if (known === undefined)
      this.#store.create(PowerupConnector, { interface: face.name, item: target, powerup, priority })
    else if (known.priority !== priority) known.priority = priority
  }
}

function sentence(target: Item | Store, powerup: Item, face: Interface): Comparison {
  return and(
    PowerupConnector.item.equals(target),
    PowerupConnector.powerup.equals(powerup),
    PowerupConnector.interface.equals(face.name),
  )
}

function facesOf(powerup: Item, face: Interface | undefined, priority: number): Array<readonly [Interface, number]> {
  if (face !== undefined) return [[face, priority]]
  const { powerupInterfaces } = (powerup.constructor as ItemConstructor).itemType
  const named = [...powerup.getPowerupInterfaces(powerupInterfaces)]
  return named.map(each => (Array.isArray(each) ? checked(each[0], each[1]) : checked(each as Interface, priority)))
}

/** A class may be plain JavaScript, and what it names is written into the store. */
function checked(face: Interface, priority: unknown): readonly [Interface, number] {
  if (typeof face?.name === 'string' && Number.isSafeInteger(priority)) return [face, priority as number]
  throw new ConstraintError('getPowerupInterfaces() gives interfaces, or pairs of an interface and a priority')
}

function answerOf<T>(powerup: Item, face: Interface<T>): unknown[] {
  if (!isIndirector(powerup)) return [powerup]
  const answer = powerup[INDIRECT](face)
  return answer === undefined ? [] : [answer]
}

function isIndirector(powerup: Item): powerup is Item & Indirector {
  return INDIRECT in powerup
}

function powerupOf(connector: PowerupConnector): Item[] {
  try {
    const { powerup } = connector
    return powerup instanceof Item ? [powerup] : []
  } catch (error) {
    if (error instanceof UnknownItemTypeError) return []
    throw error
  }
}
