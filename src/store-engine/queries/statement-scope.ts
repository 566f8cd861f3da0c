import type { SqlValue } from '../database/sql-value.js'
import { ConstraintError } from '../errors.js'
import type { Store } from '../store.js'
import type { Scope } from './comparison.js'
import type { Source } from './source.js'

/** What all SELECTs of one statement share. */
interface Shared {
  readonly parameters: SqlValue[]
  aliases: number
}

/** Aliases and parameters of one statement: `t0`, `t1`, … in the order of the FROM, on through SELECTs inside. */
export class StatementScope implements Scope {
  readonly store: Store
  readonly #shared: Shared
  readonly #aliases = new Map<Source, string>()

  constructor(store: Store, sources: readonly Source[], shared: Shared = { parameters: [], aliases: 0 }) {
    this.store = store
    this.#shared = shared
    for (const source of sources) {
      this.#aliases.set(source, `t${shared.aliases}`)
      shared.aliases += 1
    }
  }

  get parameters(): readonly SqlValue[] {
    return this.#shared.parameters
  }

  column(column: { readonly source: Source; sqlName(): string }): string {
    return `${this.alias(column.source)}.${column.sqlName()}`
  }

  alias(source: Source): string {
    const alias = this.#aliases.get(source)
    if (alias === undefined) throw new ConstraintError(`${source.type.typeName} takes no part in this query`)
    return alias
  }

  bind(value: SqlValue): string {
    this.#shared.parameters.push(value)
    return '?'
  }

  inside(sources: readonly Source[]): StatementScope {
    return new StatementScope(this.store, sources, this.#shared)
  }
}
