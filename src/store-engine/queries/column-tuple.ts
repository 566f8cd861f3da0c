import { ConstraintError } from '../errors.js'
import { Column } from './column.js'
import type { AnyColumn, ValueOf } from './column-query.js'
import { Comparison } from './comparison.js'

/** For each column a value of it, or a column of such values. */
export type OperandsOf<C extends readonly AnyColumn[]> = {
  readonly [K in keyof C]: ValueOf<C[K]> | Column<ValueOf<C[K]>>
}

/** Several columns that are compared as one: the first that differs decides. Null is neither more nor less. */
export class ColumnTuple<const C extends readonly AnyColumn[]> {
  readonly columns: C

  constructor(...columns: C) {
    if (columns.length === 0) throw new ConstraintError('a tuple of no columns')
    this.columns = columns
  }

  equals(operands: OperandsOf<C>): Comparison {
    return this.#compare('=', operands)
  }

  notEquals(operands: OperandsOf<C>): Comparison {
    return this.#compare('!=', operands)
  }

  lessThan(operands: OperandsOf<C>): Comparison {
    return this.#compare('<', operands)
  }

  lessOrEqual(operands: OperandsOf<C>): Comparison {
    return this.#compare('<=', operands)
  }

  greaterThan(operands: OperandsOf<C>): Comparison {
    return this.#compare('>', operands)
  }

  greaterOrEqual(operands: OperandsOf<C>): Comparison {
    return this.#compare('>=', operands)
  }

  #compare(operator: string, operands: readonly unknown[]): Comparison {
    const { columns } = this
    if (operands.length !== columns.length)
      throw new ConstraintError(
        `a tuple of ${columns.length} columns cannot be compared with ${operands.length} values`,
      )
    for (const [index, column] of columns.entries()) column.assertComparableWith(operands[index])
    const others = operands.filter(each => each instanceof Column)
    const sources = [...columns, ...others].map(({ source }) => source)
    return new Comparison(sources, scope => {
      const left = columns.map(column => scope.column(column)).join(', ')
      const right = columns.map((column, index) => column.writeOperand(operands[index], scope)).join(', ')
      return `(${left}) ${operator} (${right})`
    })
  }
}
