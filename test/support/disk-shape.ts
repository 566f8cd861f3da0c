import { join } from 'node:path'
import Database from 'better-sqlite3'

/** What one store file says of one item type, docstrings aside. */
export interface TypeShape {
  readonly module: string
  readonly table: string
  readonly indexes: readonly string[]
  readonly attributes: readonly unknown[]
}

/** One item as it lies on disk. */
export interface RawItem {
  readonly storeID: number
  readonly type: string
  readonly values: Readonly<Record<string, unknown>>
}

/** Reads a store with SQLite alone, so that the code under test has no part in it. */
export class DiskShape implements Disposable {
  readonly #database: Database.Database

  constructor(storeDirectory: string) {
    this.#database = new Database(join(storeDirectory, 'db.sqlite'), { readonly: true })
    this.#database.defaultSafeIntegers()
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }

  /** Statements that made the base tables and their index. */
  base(): readonly string[] {
    return this.#texts("SELECT sql FROM sqlite_master WHERE tbl_name LIKE 'axiom\\_%' ESCAPE '\\' ORDER BY name")
  }

  /** `typeName vN` → shape. */
  types(): Map<string, TypeShape> {
    const rows = this.#all<{ oid: bigint; typename: string; version: bigint; module: string }>(
      'SELECT oid, typename, version, module FROM axiom_types ORDER BY oid',
    )
    return new Map(rows.map(row => [`${row.typename} v${row.version}`, this.#shape(row)]))
  }

  /** By storeID; deleted items are left out. */
  items(): readonly RawItem[] {
    const objects = this.#all<{ oid: bigint; typename: string; version: bigint }>(
      `SELECT o.oid, t.typename, t.version FROM axiom_objects o JOIN axiom_types t ON t.oid = o.type_id ORDER BY o.oid`,
    )
    return objects.flatMap(({ oid, typename, version }) => {
      const row = this.#all<Record<string, unknown>>(`SELECT * FROM item_${typename}_v${version} WHERE oid = ?`, oid)[0]
      if (row === undefined) return []
      const { oid: _, ...values } = row
      return [{ storeID: Number(oid), type: `${typename} v${version}`, values }]
    })
  }

  /** Names of attributes that are references, by type. */
  references(): Map<string, ReadonlySet<string>> {
    const rows = this.#all<{ type: string; attribute: string }>(
      `SELECT t.typename || ' v' || t.version AS type, a.attribute FROM axiom_attributes a
        JOIN axiom_types t ON t.oid = a.type_id WHERE a.pythontype = 'reference'`,
    )
    const types = [...new Set(rows.map(row => row.type))]
    return new Map(types.map(type => [type, new Set(rows.filter(row => row.type === type).map(row => row.attribute))]))
  }

  #shape(row: { oid: bigint; typename: string; version: bigint; module: string }): TypeShape {
    const table = `item_${row.typename}_v${row.version}`
    return {
      module: row.module,
      table: this.#texts("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", table)[0] ?? '',
      indexes: this.#texts("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? ORDER BY name", table),
      attributes: this.#all(
        `SELECT row_offset, indexed, sqltype, allow_none, pythontype, attribute FROM axiom_attributes
          WHERE type_id = ? ORDER BY row_offset`,
        row.oid,
      ),
    }
  }

  #texts(sql: string, ...parameters: readonly unknown[]): string[] {
    return this.#database
      .prepare(sql)
      .pluck()
      .all(...parameters) as string[]
  }

  #all<T>(sql: string, ...parameters: readonly unknown[]): T[] {
    return this.#database.prepare(sql).all(...parameters) as T[]
  }
}

/**
 * Items with their storeIDs replaced by their place in the list, references to items outside it by `elsewhere`; so
 * that two stores whose items were made in the same order compare equal.
 */
export function renumbered(
  items: readonly RawItem[],
  references: ReadonlyMap<string, ReadonlySet<string>>,
): readonly RawItem[] {
  const places = new Map(items.map((each, place) => [BigInt(each.storeID), place + 1]))
  const renumber = (type: string, name: string, value: unknown): unknown =>
    references.get(type)?.has(name) === true && typeof value === 'bigint' && value !== -1n
      ? (places.get(value) ?? 'elsewhere')
      : value
  return items.map(({ type, values }, place) => ({
    storeID: place + 1,
    type,
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, renumber(type, name, value)])),
  }))
}
