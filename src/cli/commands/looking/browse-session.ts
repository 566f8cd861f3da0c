/**
 * Code that a person types, and the store that it works with.
 *
 * On a store that can be written every line is a transaction: an open-ended one, since a line may wait for a promise.
 * `begin()` makes the transaction of its line go on behind the line; the lines after it are savepoints inside, so that one
 * that throws undoes itself only.
 */
import { type Context, createContext } from 'node:vm'
import { DeniedError, InvalidInputError } from '../../../base/errors.js'
import type { Site } from '../../../site/site.js'
import { Decimal } from '../../../store-engine/attributes/decimal.js'
import { Timestamp } from '../../../store-engine/attributes/timestamp.js'
import type { OpenTransaction } from '../../../store-engine/database/open-transaction.js'
import { ReadOnlyStoreError } from '../../../store-engine/errors.js'
import { classNameOf, registeredItemTypes } from '../../../store-engine/items/registry.js'
import { and, not, or } from '../../../store-engine/queries/comparison.js'
import type { Store } from '../../../store-engine/store.js'
import { InterruptedError } from '../../cli-env.js'
import { evaluate } from './evaluate.js'

export class BrowseSession implements Disposable {
  readonly store: Store
  readonly #site: Site | undefined
  #line: OpenTransaction | undefined
  #giveUp: (() => void) | undefined
  #kept: OpenTransaction | undefined

  constructor(store: Store, site: Site | undefined) {
    this.store = store
    this.#site = site
  }

  /** Whether a transaction goes on from line to line. */
  get isInTransaction(): boolean {
    return this.#kept?.isOpen === true
  }

  /** Whether a line is being run, or waits for a promise. */
  get isBusy(): boolean {
    return this.#giveUp !== undefined
  }

  /**
   * Waits no longer for the promise that a line waits for: the line ends with InterruptedError and has changed nothing.
   * Code of it that goes on later is code of the line that is run then.
   */
  giveUpLine(): void {
    this.#giveUp?.()
  }

  /** What the code can name; classes give way to what is named here. */
  scope(): Record<string, unknown> {
    const classes = registeredItemTypes()
    return {
      ...Object.fromEntries(classes.map(each => [classNameOf(each), each])),
      ...{ store: this.store, site: this.#site },
      types: Object.fromEntries(classes.map(each => [each.itemType.typeName, each])),
      ...{ and, or, not, Timestamp, Decimal },
      ...{ begin: () => this.#begin(), commit: () => this.#commit(), revert: () => this.#revert() },
      // Bytes of another realm would be none for an attribute.
      ...{ Buffer, Uint8Array },
    }
  }

  /**
   * Evaluates a line, and waits where it comes to a promise.
   * @throws whatever it throws, or InterruptedError after {@link giveUpLine}; unless it has ended transactions itself it has then changed nothing.
   */
  async run(code: string, context: Context = createContext(this.scope())): Promise<unknown> {
    if (!this.store.readonly) this.#line = this.store.begin()
    try {
      const value: unknown = await Promise.race([this.#givenUp(), evaluate(code, context)])
      this.#endLine('commit')
      return value
    } catch (error) {
      this.#endLine('rollback')
      throw error instanceof ReadOnlyStoreError && this.store.readonly ? readOnly() : error
    } finally {
      this.#giveUp = undefined
    }
  }

  #givenUp(): Promise<never> {
    return new Promise((_, reject) => {
      this.#giveUp = () => reject(new InterruptedError('interrupted'))
    })
  }

  /** Undoes what `begin()` has begun. Returns whether there was something to undo. */
  revertOpen(): boolean {
    if (!this.isInTransaction) return false
    this.#kept?.rollback()
    this.#kept = undefined
    return true
  }

  [Symbol.dispose](): void {
    this.#endLine('rollback')
    this.revertOpen()
  }

  #endLine(end: 'commit' | 'rollback'): void {
    const line = this.#line
    this.#line = undefined
    if (line?.isOpen === true) line[end]()
  }

  #begin(): void {
    if (this.store.readonly) throw readOnly()
    if (this.isInTransaction) throw refusal('a transaction is open already', 'commit() or revert() ends it')
    this.#kept = this.#line
    this.#line = this.store.begin()
  }

  #commit(): void {
    const { line, kept } = this.#takeOpen()
    line.commit()
    kept.commit()
    this.#line = this.store.begin()
  }

  #revert(): void {
    const { kept } = this.#takeOpen()
    kept.rollback()
    this.#line = this.store.begin()
  }

  /** The transactions of this line and of those before it. @throws InvalidInputError where begin() was not called. */
  #takeOpen(): { readonly line: OpenTransaction; readonly kept: OpenTransaction } {
    const [line, kept] = [this.#line, this.#kept]
    if (line === undefined || kept === undefined) throw refusal('no transaction is open', 'begin() opens one')
    this.#kept = undefined
    return { line, kept }
  }
}

function readOnly(): DeniedError {
  const options = { code: 'STORE_READ_ONLY', hint: 'leave, and start browse with --write' }
  return new DeniedError('the store is open for reading only', options)
}

function refusal(message: string, hint: string): InvalidInputError {
  return new InvalidInputError(message, { hint })
}
