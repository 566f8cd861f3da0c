import type { Connection } from '../database/connection.js'
import { quoteName } from '../database/sql-value.js'
import { DamagedStoreError, NotAStoreError, SchemaMismatchError, StoreTooNewError } from '../errors.js'
import { type ItemType, indexName, tableName } from '../items/item-type.js'
import { registeredItemTypes } from '../items/registry.js'

export interface AttributeOnDisk {
  readonly name: string
  readonly sqltype: string
  readonly indexed: boolean
  readonly allowNull: boolean
  /** Axiom's name for the attribute type, such as `text` or `point2decimal`. */
  readonly kind: string
  readonly doc: string
}

/** One version of one item type, as the store itself describes it. Needs no code of the type. */
export interface TypeOnDisk {
  readonly typeId: number
  readonly typeName: string
  readonly version: number
  /** The Python module named there: data, never imported. */
  readonly module: string
  /** In column order. */
  readonly attributes: readonly AttributeOnDisk[]
  /** The table's name, not quoted. */
  readonly table: string
}

/** Base tables with their index, byte for byte as Axiom 0.9 creates them (format section 1.2). */
export const BASE_TABLES = {
  axiom_objects: `
CREATE TABLE "axiom_objects" (
    "oid" INTEGER PRIMARY KEY AUTOINCREMENT,
    "type_id" INTEGER NOT NULL
        CONSTRAINT "fk_type_id" REFERENCES "axiom_types"("oid")
);
CREATE INDEX "axiom_objects_type_idx"
    ON "axiom_objects"("type_id");`,
  axiom_types: `
CREATE TABLE "axiom_types" (
    "oid" INTEGER PRIMARY KEY AUTOINCREMENT,
    "typename" VARCHAR,
    "module" VARCHAR,
    "version" INTEGER
);`,
  axiom_attributes: `
CREATE TABLE "axiom_attributes" (
    "type_id" INTEGER,
    "row_offset" INTEGER,
    "indexed" BOOLEAN,
    "sqltype" VARCHAR,
    "allow_none" BOOLEAN,
    "pythontype" VARCHAR,
    "attribute" VARCHAR,
    "docstring" TEXT
);`,
} as const

export const BASE_SCHEMA = Object.values(BASE_TABLES).join('')

/** An item table, as Axiom 0.9 writes it. The names must have been looked at: nothing is quoted there. */
export function itemTableSql(table: string, columns: ReadonlyArray<{ name: string; sqltype: string }>): string {
  const parts = columns.map(({ name, sqltype }) => `\n[${name}] ${sqltype}`)
  return `CREATE TABLE ${table} (${['oid INTEGER PRIMARY KEY', ...parts].join(', ')})`
}

/** An index of an item table. The names must have been looked at. */
export function indexSql(
  { typeName, version }: { readonly typeName: string; readonly version: number },
  attributes: readonly string[],
): string {
  const columns = attributes.map(name => `[${name}]`).join(', ')
  return `CREATE INDEX ${indexName(typeName, version, attributes)} ON ${tableName(typeName, version)}(${columns})`
}

/** What a store says of itself at one moment. */
interface Description {
  readonly types: ReadonlyMap<string, TypeOnDisk>
  readonly byId: ReadonlyMap<number, TypeOnDisk>
  /** SQLite's count of changes of the schema. A description comes with its table, so it changes with every type. */
  readonly schemaVersion: unknown
}

/** The item types of one store, read from its own description of itself and kept up with other processes. */
export class Schema {
  readonly #connection: Connection
  #known: Description | undefined

  constructor(connection: Connection) {
    this.#connection = connection
    this.#assertStore()
    this.#known = this.#read()
  }

  get types(): readonly TypeOnDisk[] {
    return [...this.#current().types.values()]
  }

  find(typeName: string, version: number): TypeOnDisk | undefined {
    return this.#current().types.get(keyOf(typeName, version))
  }

  findById(typeId: number): TypeOnDisk | undefined {
    return this.#current().byId.get(typeId)
  }

  versionsOf(typeName: string): readonly TypeOnDisk[] {
    return this.types.filter(each => each.typeName === typeName).sort((a, b) => a.version - b.version)
  }

  /** Has the description read again before it is next used: a rollback has undone what was read. */
  forget(): void {
    this.#known = undefined
  }

  /**
   * Another connection has committed: finds out whether the schema has changed.
   * @returns true when it has, and what was known of tables is out of date.
   */
  lookAgain(): boolean {
    if (this.#known !== undefined && this.#known.schemaVersion === this.#readSchemaVersion()) return false
    this.forget()
    return true
  }

  #current(): Description {
    this.#known ??= this.#read()
    return this.#known
  }

  #read(): Description {
    // Outside a transaction another process may add a type between these: in this order no type lacks its attributes.
    const schemaVersion = this.#readSchemaVersion()
    const rows = this.#connection.prepare('SELECT oid, typename, module, version FROM axiom_types ORDER BY oid').all()
    const attributes = this.#readAttributes()
    const types = rows.map(([oid, typeName, module, version]) =>
      describeType(Number(oid), String(typeName), String(module), Number(version), attributes),
    )
    return {
      types: new Map(types.map(type => [keyOf(type.typeName, type.version), type])),
      byId: new Map(types.map(type => [type.typeId, type])),
      schemaVersion,
    }
  }

  #readSchemaVersion(): unknown {
    return this.#connection.prepare('PRAGMA schema_version').get()?.[0]
  }

  /** Writes the table, indexes and description of a type. To be called inside a transaction. */
  create(type: ItemType): TypeOnDisk {
    const known = this.find(type.typeName, type.version)
    if (known !== undefined) return known
    const columns = type.attributes.map(({ name, attribute }) => ({ name, sqltype: attribute.sqltype }))
    this.#connection.execute(itemTableSql(type.table, columns))
    for (const index of type.indexes) this.#connection.execute(indexSql(type, index))
    const typeId = this.#describe(type)
    this.forget()
    return this.findById(typeId) as TypeOnDisk
  }

  /** @throws SchemaMismatchError or StoreTooNewError; nothing is changed. */
  assertFits(type: ItemType): void {
    const newest = this.versionsOf(type.typeName).at(-1)
    if (newest !== undefined && newest.version > type.version)
      throw new StoreTooNewError(
        `${this.#name()} holds ${type.typeName} version ${newest.version}, and this software knows version ${type.version}`,
      )
    const onDisk = this.find(type.typeName, type.version)
    if (onDisk !== undefined) assertSameColumns(type, onDisk, this.#name())
  }

  assertAllFit(): void {
    for (const { itemType } of registeredItemTypes()) this.assertFits(itemType)
  }

  #describe(type: ItemType): number {
    const { lastInsertRowid } = this.#connection
      .prepare('INSERT INTO axiom_types (typename, module, version) VALUES (?, ?, ?)')
      .run(type.typeName, type.module, type.version)
    const insert = this.#connection.prepare(
      'INSERT INTO axiom_attributes (type_id, row_offset, indexed, sqltype, allow_none, pythontype, attribute, docstring) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    )
    for (const {
      name,
      position,
      attribute: { indexed, sqltype, allowNull, kind, doc },
    } of type.attributes)
      insert.run(lastInsertRowid, position - 1, indexed ? 1n : 0n, sqltype, allowNull ? 1n : 0n, kind, name, doc)
    return Number(lastInsertRowid)
  }

  #readAttributes(): ReadonlyMap<number, AttributeOnDisk[]> {
    const byType = new Map<number, AttributeOnDisk[]>()
    const rows = this.#connection
      .prepare(
        'SELECT type_id, attribute, sqltype, indexed, allow_none, pythontype, docstring FROM axiom_attributes ORDER BY type_id, row_offset',
      )
      .all()
    for (const [typeId, name, sqltype, indexed, allowNull, kind, doc] of rows) {
      const attributes = byType.get(Number(typeId)) ?? []
      byType.set(Number(typeId), attributes)
      attributes.push({
        name: String(name),
        sqltype: String(sqltype),
        indexed: Number(indexed) === 1,
        allowNull: Number(allowNull) === 1,
        kind: String(kind),
        doc: doc === null ? '' : String(doc),
      })
    }
    return byType
  }

  #assertStore(): void {
    const names = this.#connection
      .prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('axiom_objects', 'axiom_types', 'axiom_attributes')",
      )
      .all()
    if (names.length === 0) throw new NotAStoreError(this.#name(), 'db.sqlite holds no items')
    if (names.length < 3) throw new DamagedStoreError(`${this.#name()} lacks base tables`)
  }

  #name(): string {
    return this.#connection.directory ?? 'the store in memory'
  }
}

function keyOf(typeName: string, version: number): string {
  return `${typeName}/${version}`
}

function describeType(
  typeId: number,
  typeName: string,
  module: string,
  version: number,
  attributes: ReadonlyMap<number, AttributeOnDisk[]>,
): TypeOnDisk {
  const own = attributes.get(typeId) ?? []
  return { typeId, typeName, module, version, attributes: own, table: tableName(typeName, version) }
}

function assertSameColumns(type: ItemType, onDisk: TypeOnDisk, store: string): void {
  const code = type.attributes.map(({ name, attribute }) => `${name} ${attribute.sqltype}`)
  const disk = onDisk.attributes.map(({ name, sqltype }) => `${name} ${sqltype}`)
  const onlyDisk = disk.filter(each => !code.includes(each))
  const onlyCode = code.filter(each => !disk.includes(each))
  if (onlyDisk.length + onlyCode.length === 0) return
  throw new SchemaMismatchError(
    `${store}: ${type.typeName} version ${type.version} differs; only on disk: ${onlyDisk.join(', ') || 'nothing'}; ` +
      `only in the code: ${onlyCode.join(', ') || 'nothing'}`,
  )
}

/** `SELECT oid, …` over a type's table with every name quoted; old tables without an oid column answer alike. */
export function selectRows(type: TypeOnDisk, rest: string): string {
  const columns = ['oid', ...type.attributes.map(({ name }) => quoteName(name))].join(', ')
  return `SELECT ${columns} FROM ${quoteName(type.table)} ${rest}`
}
