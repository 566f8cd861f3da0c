import type { Item } from './item.js'

/**
 * Which object stands for which storeID, held weakly: two loads give the same object for as long as anything else
 * holds it.
 *
 * A WeakRef keeps its target until the running job ends, so a synchronous loop over a million items holds them all (some
 * 300 bytes each) until it is done; who walks that many takes pages in several jobs, or plain rows.
 *
 * Staleness is one number. Every item remembers the generation at which its row was read; whatever makes rows
 * doubtful (another connection committed, a transaction was rolled back) raises the generation, and items read
 * their row again when they are next touched.
 */
export class ItemCache {
  generation = 0
  readonly #items = new Map<number, WeakRef<Item>>()
  #sweepAt = 1024

  get(storeID: number): Item | undefined {
    return this.#items.get(storeID)?.deref()
  }

  put(storeID: number, item: Item): void {
    this.#items.set(storeID, new WeakRef(item))
    if (this.#items.size >= this.#sweepAt) this.#sweep()
  }

  drop(storeID: number): void {
    this.#items.delete(storeID)
  }

  /** Makes every item read its row again before it is next used. */
  distrust(): void {
    this.generation += 1
  }

  /** Dead entries go when the map has doubled: a FinalizationRegistry costs more than the loads it serves. */
  #sweep(): void {
    for (const [storeID, reference] of this.#items) if (reference.deref() === undefined) this.#items.delete(storeID)
    this.#sweepAt = Math.max(1024, this.#items.size * 2)
  }
}
