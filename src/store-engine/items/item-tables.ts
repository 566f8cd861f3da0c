import { quoteName } from '../database/sql-value.js'
import { UpgradeRequiredError } from '../errors.js'
import type { TypeOnDisk } from '../schema/schema.js'
import { type UpgradeScene, upgradeLegacyItems } from '../upgrades/upgrade.js'
import type { ItemConstructor } from './item.js'
import { TypeTable } from './type-table.js'

/** The tables of one store's item classes, prepared at their first use and forgotten when the schema may have changed. */
export class ItemTables {
  readonly #scene: UpgradeScene
  readonly #tables = new Map<ItemConstructor, TypeTable>()
  readonly #upgraded = new Set<ItemConstructor>()

  constructor(scene: UpgradeScene) {
    this.#scene = scene
  }

  /** The class's table; undefined when the store holds no item of this version, since reading creates nothing. */
  find(itemClass: ItemConstructor): TypeTable | undefined {
    this.#upgradeLegacy(itemClass)
    const known = this.#tables.get(itemClass)
    if (known !== undefined) return known
    const { schema } = this.#scene
    schema.assertFits(itemClass.itemType)
    const onDisk = schema.find(itemClass.itemType.typeName, itemClass.itemType.version)
    return onDisk === undefined ? undefined : this.#keep(itemClass, onDisk)
  }

  /** The class's table, created where the store lacks it. To be called inside a write transaction. */
  get(itemClass: ItemConstructor): TypeTable {
    return this.find(itemClass) ?? this.#keep(itemClass, this.#scene.schema.create(itemClass.itemType))
  }

  forget(): void {
    this.#scene.schema.reload()
    this.#tables.clear()
    this.#upgraded.clear()
  }

  /** @throws UpgradeRequiredError where items of an older version cannot be upgraded since nothing can be written. */
  assertMayUpgrade(type: TypeOnDisk): void {
    const { store } = this.#scene
    if (!store.readonly) return
    this.#upgraded.clear()
    throw new UpgradeRequiredError(`${store.describe()} holds ${type.typeName} items of version ${type.version}`)
  }

  #keep(itemClass: ItemConstructor, onDisk: TypeOnDisk): TypeTable {
    const table = new TypeTable(this.#scene.connection, itemClass.itemType, onDisk)
    this.#tables.set(itemClass, table)
    return table
  }

  /** Items of older versions are upgraded before anything asks for items of the class, so that no query misses one. */
  #upgradeLegacy(itemClass: ItemConstructor): void {
    if (this.#upgraded.has(itemClass)) return
    this.#upgraded.add(itemClass)
    const { schema, connection } = this.#scene
    for (const legacy of schema.versionsOf(itemClass.itemType.typeName)) {
      if (legacy.version >= itemClass.itemType.version) continue
      if (connection.prepare(`SELECT 1 FROM ${quoteName(legacy.table)} LIMIT 1`).get() === undefined) continue
      this.assertMayUpgrade(legacy)
      upgradeLegacyItems(this.#scene, itemClass, legacy)
    }
  }
}
