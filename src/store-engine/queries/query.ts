import type { Decimal } from '../attributes/decimal.js'
import type { SqlRow, SqlValue } from '../database/sql-value.js'
import { quoteName, toStoreID } from '../database/sql-value.js'
import type { Engine } from '../engine.js'
import { ConstraintError } from '../errors.js'
import type { Item, ItemConstructor } from '../items/item.js'
import type { TypeTable } from '../items/type-table.js'
import type { Column, Ordering } from './column.js'
import type { Comparison, Scope } from './comparison.js'

export interface QueryOptions {
  readonly where?: Comparison | undefined
  /** Several orderings count from left to right; the storeID breaks ties. */
  readonly sort?: Ordering | readonly Ordering[] | undefined
  readonly limit?: number | undefined
  readonly offset?: number | undefined
}

/** Rows fetched at a time. Between pages the store may be changed: an open cursor would forbid it. */
const PAGE = 500

interface Written {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

/**
 * A question to one store about one item type. Nothing runs until it is iterated, counted or deleted, and each such
 * act runs it anew. Without a sort, items come by storeID.
 *
 * Iteration goes in pages, and the store may change meanwhile: items created since the beginning or deleted before
 * their turn are left out, changed ones come as they are then. Sorted or limited, the storeIDs are fixed first.
 */
export class Query<I extends Item> implements Iterable<I> {
  readonly #engine: Engine
  readonly #class: ItemConstructor<I>
  readonly #options: QueryOptions

  constructor(engine: Engine, itemClass: ItemConstructor<I>, options: QueryOptions = {}) {
    for (const [name, value] of Object.entries({ limit: options.limit, offset: options.offset })) {
      if (value !== undefined && (!Number.isSafeInteger(value) || value < 0))
        throw new ConstraintError(`the ${name} of a query is a whole number, not ${value}`)
    }
    assertSpeaksOf(itemClass, options)
    this.#engine = engine
    this.#class = itemClass
    this.#options = options
  }

  *[Symbol.iterator](): Iterator<I> {
    const { sort, limit, offset } = this.#options
    if (sort === undefined && limit === undefined && offset === undefined) yield* this.#byStoreID()
    else yield* this.#byList(this.ids())
  }

  toArray(): I[] {
    return [...this]
  }

  first(): I | undefined {
    const table = this.#prepareTable()
    if (table === undefined) return undefined
    const { sql, parameters } = this.#write({ ...this.#options, limit: Math.min(this.#options.limit ?? 1, 1) })
    const row = this.#engine.connection.prepare(table.selectSql(sql)).get(...parameters)
    return row === undefined ? undefined : this.#item(row)
  }

  /** The storeIDs, in order. */
  ids(): number[] {
    return this.#rows('SELECT oid').map(([storeID]) => toStoreID(storeID))
  }

  /** How many items there are within limit and offset. */
  count(): number {
    return Number(this.#aggregate('count(*)', '1') ?? 0)
  }

  /** The exact sum of a column of numbers or decimals; nulls do not count, nothing sums to zero. */
  sum(column: Column<number>): number
  sum(column: Column<bigint>): bigint
  sum(column: Column<Decimal>): Decimal
  sum(column: Column<number> | Column<bigint> | Column<Decimal>): number | bigint | Decimal {
    const total = this.#aggregate(`coalesce(sum(${quoteName(column.name)}), 0)`, quoteName(column.name)) ?? 0n
    const named = column.type.named(column.name)
    if (named.attribute.kind === 'ieee754_double') return Number(total)
    const place = { store: this.#engine.store, locate: (label: string) => `the sum of ${label}` }
    return named.attribute.decode(total, place, named.label) as number | bigint | Decimal
  }

  /** Deletes every item as `deleteFromStore` would, callbacks and tombstones included. All or nothing. */
  deleteFromStore(): number {
    return this.#engine.transactions.write(() => {
      const items = this.toArray()
      for (const item of items) if (item.isStored) item.deleteFromStore()
      return items.length
    })
  }

  *#byStoreID(): Generator<I> {
    let after: SqlValue = -(2n ** 63n)
    let last: SqlValue = 2n ** 63n - 1n
    for (let page = this.#page(after, last); page.length > 0; page = this.#page(after, last)) {
      // Items that come while the first page is looked at are no answer: a loop that creates would never end.
      if (after < 0n && page.length === PAGE) last = this.#rows('SELECT max(oid)', {})[0]?.[0] ?? last
      const { moment } = this.#engine
      for (const row of page) {
        after = row[0] as bigint
        const current = this.#engine.moment === moment ? row : this.#prepareTable()?.select(Number(after))
        if (current !== undefined) yield this.#item(current)
      }
      if (page.length < PAGE) return
    }
  }

  #page(after: SqlValue, last: SqlValue): SqlRow[] {
    const table = this.#prepareTable()
    if (table === undefined) return []
    const scope = new StatementScope(this.#engine)
    const condition = this.#options.where?.toSql(scope)
    const where = `WHERE oid > ? AND oid <= ?${condition === undefined ? '' : ` AND (${condition})`} ORDER BY oid LIMIT ${PAGE}`
    return this.#engine.connection.prepare(table.selectSql(where)).all(after, last, ...scope.parameters)
  }

  *#byList(storeIDs: readonly number[]): Generator<I> {
    for (let start = 0; start < storeIDs.length; start += PAGE) {
      const table = this.#prepareTable()
      if (table === undefined) return
      const select = this.#engine.connection.prepare(table.selectSql('WHERE oid = ?'))
      for (const storeID of storeIDs.slice(start, start + PAGE)) {
        const row = select.get(storeID)
        if (row !== undefined) yield this.#item(row)
      }
    }
  }

  #item(row: SqlRow): I {
    return this.#engine.materialize(this.#class, row) as I
  }

  #rows(select: string, options = this.#options): SqlRow[] {
    const table = this.#prepareTable()
    if (table === undefined) return []
    const { sql, parameters } = this.#write(options)
    return this.#engine.connection.prepare(`${select} FROM ${quoteName(table.onDisk.table)} ${sql}`).all(...parameters)
  }

  #aggregate(aggregate: string, column: string): Exclude<SqlValue, null> | undefined {
    const table = this.#prepareTable()
    if (table === undefined) return undefined
    const { sql, parameters } = this.#write(this.#options)
    const inner = `SELECT ${column} FROM ${quoteName(table.onDisk.table)} ${sql}`
    return this.#engine.connection.prepare(`SELECT ${aggregate} FROM (${inner})`).get(...parameters)?.[0] ?? undefined
  }

  #prepareTable(): TypeTable | undefined {
    this.#engine.lookAround()
    this.#engine.flush()
    return this.#engine.findTable(this.#class)
  }

  #write({ where, sort, limit, offset }: QueryOptions): Written {
    const scope = new StatementScope(this.#engine)
    const orderings = sort === undefined ? [] : 'column' in sort ? [sort] : sort
    const parts = [
      where === undefined ? '' : `WHERE ${where.toSql(scope)}`,
      `ORDER BY ${[...orderings.map(({ column, direction }) => `${column.sqlName()} ${direction}`), 'oid'].join(', ')}`,
      limit === undefined && offset === undefined
        ? ''
        : `LIMIT ${scope.bind(limit ?? -1)} OFFSET ${scope.bind(offset ?? 0)}`,
    ]
    return { sql: parts.filter(part => part !== '').join(' '), parameters: scope.parameters }
  }
}

/** A condition on another type would meet columns of this one that happen to have the same names. */
function assertSpeaksOf({ itemType }: ItemConstructor, { where, sort }: QueryOptions): void {
  const orderings = sort === undefined ? [] : 'column' in sort ? [sort] : sort
  const stranger = [...(where?.types ?? []), ...orderings.map(({ column }) => column.type)].find(
    type => type !== itemType,
  )
  if (stranger !== undefined)
    throw new ConstraintError(`a query for ${itemType.typeName} cannot speak of ${stranger.typeName}`)
}

class StatementScope implements Scope {
  readonly parameters: SqlValue[] = []
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  get store(): Engine['store'] {
    return this.#engine.store
  }

  column(column: { sqlName(): string }): string {
    return column.sqlName()
  }

  bind(value: SqlValue): string {
    this.parameters.push(value)
    return '?'
  }
}
