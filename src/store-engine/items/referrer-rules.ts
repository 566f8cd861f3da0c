import { quoteName } from '../database/sql-value.js'
import { DeletionDisallowedError } from '../errors.js'
import type { Store } from '../store.js'
import type { Item, ItemConstructor } from './item.js'
import type { NamedAttribute } from './item-type.js'
import { classesReferringTo } from './registry.js'

interface Rule {
  readonly holder: ItemConstructor
  readonly named: NamedAttribute
  readonly whenDeleted: 'cascade' | 'disallow'
}

/**
 * What references demand when the item they point to is deleted. Rules live in classes, not on disk, so items of types
 * without code here neither forbid nor follow a deletion; their references then read as null.
 */
export class ReferrerRules {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Deletes cascading referrers first. @throws DeletionDisallowedError before anything is deleted. */
  apply(typeName: string, storeID: number): void {
    const rules = rulesFor(typeName)
    for (const rule of rules.filter(each => each.whenDeleted === 'disallow')) this.#refuse(rule, storeID)
    for (const rule of rules.filter(each => each.whenDeleted === 'cascade'))
      for (const referrer of this.#referrers(rule, storeID)) if (referrer.isStored) referrer.deleteFromStore()
  }

  /** Whether a rule may forbid or follow the deletion of one of these items of a type. */
  concern(typeName: string, storeIDs: readonly number[]): boolean {
    const holders = new Set(rulesFor(typeName).map(({ holder }) => holder.itemType.typeName))
    return [...holders].some(holder => this.#isReferredTo(holder, storeIDs))
  }

  #refuse(rule: Rule, storeID: number): void {
    const [referrer] = this.#referrers(rule, storeID)
    if (referrer === undefined) return
    throw new DeletionDisallowedError(
      `item ${storeID} cannot be deleted: ${rule.holder.itemType.typeName}.${rule.named.name} of item ${referrer.storeID} forbids it`,
    )
  }

  #referrers({ holder, named }: Rule, storeID: number): Item[] {
    const { engine } = this.#store
    // Asking for the holder's table upgrades its old items, which must not be the price of every deletion.
    if (!this.#isReferredTo(holder.itemType.typeName, [storeID])) return []
    const table = engine.findTable(holder)
    if (table === undefined) return []
    const rows = engine.connection.prepare(table.selectSql(`WHERE [${named.name}] = ? ORDER BY oid`)).all(storeID)
    const referrers = rows.map(row => engine.materialize(holder, row))
    return referrers.filter(referrer => !engine.writer.isBeingDeleted(referrer))
  }

  /** True where an item of any version of the type refers to one of the storeIDs by any attribute. */
  #isReferredTo(typeName: string, storeIDs: readonly number[]): boolean {
    const { engine } = this.#store
    return engine.schema.versionsOf(typeName).some(({ table, attributes }) => {
      const references = attributes.filter(({ kind }) => kind === 'reference')
      const conditions = references.map(({ name }) => `${quoteName(name)} IN (SELECT value FROM json_each(?))`)
      if (conditions.length === 0) return false
      const sql = `SELECT 1 FROM ${quoteName(table)} WHERE ${conditions.join(' OR ')} LIMIT 1`
      return engine.connection.prepare(sql).get(...references.map(() => JSON.stringify(storeIDs))) !== undefined
    })
  }
}

function rulesFor(typeName: string): Rule[] {
  return classesReferringTo(typeName).flatMap(holder =>
    holder.itemType.attributes.flatMap(named => {
      const { reference } = named.attribute
      if (reference === undefined || reference.whenDeleted === 'nullify') return []
      if (reference.target !== undefined && reference.target().itemType.typeName !== typeName) return []
      return [{ holder, named, whenDeleted: reference.whenDeleted }]
    }),
  )
}
