import { UpgradeRequiredError } from '../errors.js'
import type { TypeOnDisk } from '../schema/schema.js'
import type { UpgradeScene } from '../upgrades/upgrade-item.js'
import { legacyVersions, upgradeLegacyItems } from '../upgrades/upgrade-types.js'
import type { ItemConstructor } from './item.js'
import { TypeTable } from './type-table.js'

/** The tables of one store's item classes, prepared at their first use and forgotten when the schema has changed. */
export class ItemTables {
  readonly #scene: UpgradeScene
  readonly #tables = new Map<ItemConstructor, TypeTable>()
  readonly #upgraded = new Set<ItemConstructor>()
  /** Whose items of older versions somebody is upgrading just now; never forgotten in between. */
  readonly #underway = new Set<ItemConstructor>()

  constructor(scene: UpgradeScene) {
    this.#scene = scene
  }

  /** The class's table; undefined when the store holds no item of this version, since reading creates nothing. */
  find(itemClass: ItemConstructor): TypeTable | undefined {
    this.#upgradeLegacy(itemClass)
    return this.findAsIs(itemClass)
  }

  /** The class's table, created where the store lacks it. To be called inside a write transaction. */
  get(itemClass: ItemConstructor): TypeTable {
    this.#upgradeLegacy(itemClass)
    return this.getAsIs(itemClass)
  }

  /** The same for those who mean items that they have already, or upgrade them: older versions stay as they are. */
  getAsIs(itemClass: ItemConstructor): TypeTable {
    return this.findAsIs(itemClass) ?? this.#keep(itemClass, this.#scene.schema.create(itemClass.itemType))
  }

  /** See {@link ItemTables.find} and {@link ItemTables.getAsIs}. */
  findAsIs(itemClass: ItemConstructor): TypeTable | undefined {
    const known = this.#tables.get(itemClass)
    if (known !== undefined) return known
    const { schema } = this.#scene
    schema.assertFits(itemClass.itemType)
    const onDisk = schema.find(itemClass.itemType.typeName, itemClass.itemType.version)
    return onDisk === undefined ? undefined : this.#keep(itemClass, onDisk)
  }

  /** Does something during which no question about the class upgrades its items, since that is what is being done. */
  leavingLegacy<T>(itemClass: ItemConstructor | undefined, deed: () => T): T {
    if (itemClass === undefined || this.#underway.has(itemClass)) return deed()
    this.#underway.add(itemClass)
    try {
      return deed()
    } finally {
      this.#underway.delete(itemClass)
    }
  }

  /** What a rollback has undone may be among what is known. */
  forget(): void {
    this.#scene.schema.forget()
    this.#tables.clear()
    this.#upgraded.clear()
  }

  /** Another connection has committed: it may have made tables, or items of older versions. */
  lookAgain(): void {
    if (this.#scene.schema.lookAgain()) this.#tables.clear()
    this.#upgraded.clear()
  }

  /** @throws UpgradeRequiredError where items of an older version cannot be upgraded since nothing can be written. */
  assertMayUpgrade(type: TypeOnDisk): void {
    const { store } = this.#scene
    if (!store.readonly) return
    throw new UpgradeRequiredError(`${store.describe()} holds ${type.typeName} items of version ${type.version}`)
  }

  #keep(itemClass: ItemConstructor, onDisk: TypeOnDisk): TypeTable {
    const table = new TypeTable(this.#scene.connection, itemClass.itemType, onDisk)
    this.#tables.set(itemClass, table)
    return table
  }

  /** Items of older versions are upgraded before anything asks for items of the class, so that no query misses one. */
  #upgradeLegacy(itemClass: ItemConstructor): void {
    if (this.#upgraded.has(itemClass) || this.#underway.has(itemClass)) return
    const legacyTypes = legacyVersions(this.#scene, itemClass)
    for (const { type } of legacyTypes) this.assertMayUpgrade(type)
    this.leavingLegacy(itemClass, () => upgradeLegacyItems(this.#scene, legacyTypes))
    this.#upgraded.add(itemClass)
  }
}
