import { ConstraintError } from '../errors.js'
import type { Frame } from './transactions.js'

/** Who can end a transaction: the little of {@link Transactions} that an open one needs. */
export interface Ending {
  holds(frame: Frame): boolean
  commit(frame: Frame): void
  rollBack(frame: Frame): void
}

/**
 * A write transaction that is open until somebody ends it, for those who cannot put their deed into one function: a
 * person at a prompt. Begun inside another one it is a savepoint. Until it ends, everything that is written to the store
 * belongs to it, whoever writes, and no other process can write; `store.transact` inside is a savepoint.
 *
 * With `using` it is rolled back where nobody has committed it.
 */
export class OpenTransaction implements Disposable {
  readonly #ending: Ending
  readonly #frame: Frame

  constructor(ending: Ending, frame: Frame) {
    this.#ending = ending
    this.#frame = frame
  }

  /** False once it has ended, also with one around it. */
  get isOpen(): boolean {
    return this.#ending.holds(this.#frame)
  }

  /**
   * Keeps what was done.
   * @throws ConstraintError when it has ended, or while one inside it is open: it stays open then. After any other error
   *   it has been rolled back.
   */
  commit(): void {
    this.#ending.commit(this.#frame)
  }

  /** Undoes what was done, on disk and in memory, with what was done in transactions inside. @throws ConstraintError. */
  rollback(): void {
    if (!this.isOpen) throw new ConstraintError('this transaction has ended already')
    this.#ending.rollBack(this.#frame)
  }

  [Symbol.dispose](): void {
    if (this.isOpen) this.rollback()
  }
}
