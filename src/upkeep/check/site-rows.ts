import type { Connection } from '../../store-engine/database/connection.js'
import { quoteName, type SqlRow, type SqlValue } from '../../store-engine/database/sql-value.js'
import { type ItemTable, itemTables, readSchema, tableNames } from './schema-on-disk.js'
import { isOldAccount } from './store-facts.js'

/** Rows of one kind that are told one by one; of more there is only the number. */
const MOST = 1000

/** The site's own database, read with bare SQL, whatever state it is in. */
export class SiteRows {
  readonly connection: Connection
  readonly #tables: readonly ItemTable[]
  readonly #plain: ReadonlySet<string>

  /** @throws DamagedStoreError where not even the schema can be read. */
  constructor(connection: Connection) {
    this.connection = connection
    const schema = readSchema(connection)
    this.#tables = itemTables(schema)
    this.#plain = new Set(tableNames(schema))
  }

  /** The quoted name of a type's table; undefined where the site has none. */
  table(typeName: string, version: number): string | undefined {
    const found = this.#tables.find(each => each.typeName === typeName && each.version === version)
    return found && quoteName(found.table)
  }

  /** The quoted names of the tables of all versions of a type. */
  tablesOf(typeName: string): readonly string[] {
    return this.#tables.filter(each => each.typeName === typeName).map(({ table }) => quoteName(table))
  }

  /** The tables of accounts as they are; undefined while some are of older versions, and where there are none. */
  get accounts(): { readonly login: string; readonly method: string } | undefined {
    const [login, method] = [this.table('login', 3), this.table('login_method', 2)]
    const isOld = this.#tables.some(table => isOldAccount(table) && this.#hasRows(quoteName(table.table)))
    return login === undefined || method === undefined || isOld ? undefined : { login, method }
  }

  /** Whether the site has a plain table of ours. */
  hasPlain(name: string): boolean {
    return this.#plain.has(name)
  }

  /** At most a thousand rows: what is told of more is told of the first. */
  some(sql: string, ...values: readonly SqlValue[]): readonly SqlRow[] {
    return this.connection.prepare(`${sql} LIMIT ${MOST}`).all(...values)
  }

  all(sql: string, ...values: readonly SqlValue[]): readonly SqlRow[] {
    return this.connection.prepare(sql).all(...values)
  }

  #hasRows(table: string): boolean {
    return this.connection.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined
  }
}
