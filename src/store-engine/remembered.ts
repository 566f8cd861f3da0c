import type { Store } from './store.js'

/** Answers that are kept for one store; when there are more, all are forgotten. */
const MOST = 500

/**
 * Remembers what was found out about a store for as long as no item of it has changed, whoever changes it: asking again
 * costs one look at the database instead of queries. What an answer says must follow from the items of that store and
 * its key alone. Nothing is not remembered, so that asking for what is not there fills no memory.
 */
export class Remembered<T> {
  readonly #known = new WeakMap<Store, { readonly moment: number; readonly answers: Map<string, T> }>()

  /** The answer to `key`, from `ask` where it is not known. */
  recall(store: Store, key: string, ask: () => T | undefined): T | undefined {
    const { moment } = store
    const kept = this.#known.get(store)
    const answer = kept?.moment === moment ? kept.answers.get(key) : undefined
    if (answer !== undefined) return answer
    const found = ask()
    // Somebody may have changed something meanwhile, before or after what was asked.
    if (found !== undefined && store.moment === moment) this.#answersAt(store, moment).set(key, found)
    return found
  }

  #answersAt(store: Store, moment: number): Map<string, T> {
    const kept = this.#known.get(store)
    if (kept?.moment === moment && kept.answers.size < MOST) return kept.answers
    const answers = new Map<string, T>()
    this.#known.set(store, { moment, answers })
    return answers
  }
}
