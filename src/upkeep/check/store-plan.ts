import type { Connection } from '../../store-engine/database/connection.js'
import type { SqlRow } from '../../store-engine/database/sql-value.js'
import type { Fault } from './finding.js'
import { objectProbes } from './object-rows.js'
import { oldVersionProbes } from './old-versions.js'
import type { Probe } from './probe.js'
import { referenceProbes } from './reference-rows.js'
import { schemaFaults } from './schema-faults.js'
import { itemTables, readSchema, type StoreSchema, schemaText, tableNames } from './schema-on-disk.js'
import { FactReader } from './store-facts.js'

/** Columns of one SELECT; SQLite takes 2000, and a store from a stranger may have more types than that. */
const COLUMNS = 500

/** What there is to be asked of stores of one schema, and what the schema tells without being asked. */
export class StorePlan {
  readonly facts: FactReader
  readonly hasFence: boolean
  readonly #schemaFaults: readonly Fault[]
  readonly #probes: readonly Probe[]
  readonly #statements: readonly string[]

  constructor(connection: Connection, schema: StoreSchema) {
    const tables = itemTables(schema)
    const typeIds = schema.types.map(({ typeId }) => typeId)
    this.facts = new FactReader(tables)
    this.hasFence = tableNames(schema).includes('mantissa_fence')
    this.#schemaFaults = schemaFaults(connection, schema)
    this.#probes = [...objectProbes(tables, typeIds), ...referenceProbes(tables), ...oldVersionProbes(tables)]
    this.#statements = statementsFor(this.#probes)
  }

  ask(connection: Connection): readonly Fault[] {
    const answers = this.#statements.flatMap((statement): SqlRow => connection.prepare(statement).get() ?? [])
    const suspicious = this.#probes.filter((_, index) => Number(answers[index]) !== 0)
    const looks = new Set(suspicious.map(({ look }) => look))
    return [...this.#schemaFaults, ...[...looks].flatMap(look => look(connection))]
  }
}

function statementsFor(probes: readonly Probe[]): readonly string[] {
  const statements: string[] = []
  for (let from = 0; from < probes.length; from += COLUMNS) {
    const conditions = probes.slice(from, from + COLUMNS).map(({ condition }) => condition)
    statements.push(`SELECT ${conditions.join(', ')}`)
  }
  return statements
}

/**
 * Plans by schema, the newest of them. Most stores of a site are alike to the letter, and working out what to ask takes
 * longer than asking.
 */
export class StorePlans {
  static readonly #MOST = 64
  readonly #plans = new Map<string, StorePlan>()

  /** @throws DamagedStoreError where the base tables are not what they should be. */
  for(connection: Connection): StorePlan {
    const text = schemaText(connection)
    const known = this.#plans.get(text)
    if (known !== undefined) return known
    const [oldest] = this.#plans.keys()
    if (this.#plans.size >= StorePlans.#MOST && oldest !== undefined) this.#plans.delete(oldest)
    const plan = new StorePlan(connection, readSchema(connection))
    this.#plans.set(text, plan)
    return plan
  }
}
