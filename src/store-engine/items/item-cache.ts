import { type Item, STATE } from './item.js'

/** Items with neighbouring storeIDs, each at its own place. */
export type Neighbours = (Item | undefined)[]

const TOGETHER = 8

/**
 * Which object stands for which storeID, held weakly: two loads give the same object for as long as anything else
 * holds it.
 *
 * A WeakRef costs more than the rest of a load, so there is one for each eight storeIDs. An item holds the neighbours
 * that were loaded while it was there, and they are let go together.
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
  readonly #items = new Map<number, WeakRef<Neighbours>>()
  /** Those that were asked for last; a loop asks for them again. */
  #latest: Neighbours = []
  #latestKey = Number.NaN
  #sweepAt = 1024

  get(storeID: number): Item | undefined {
    const key = Math.floor(storeID / TOGETHER)
    return this.#find(key)?.[storeID - key * TOGETHER]
  }

  put(storeID: number, item: Item): void {
    const key = Math.floor(storeID / TOGETHER)
    const neighbours = this.#find(key) ?? this.#add(key)
    neighbours[storeID - key * TOGETHER] = item
    item[STATE].neighbours = neighbours
  }

  drop(storeID: number): void {
    const key = Math.floor(storeID / TOGETHER)
    const neighbours = this.#find(key)
    if (neighbours !== undefined) neighbours[storeID - key * TOGETHER] = undefined
  }

  /** Makes every item read its row again before it is next used. */
  distrust(): void {
    this.generation += 1
  }

  #find(key: number): Neighbours | undefined {
    if (key === this.#latestKey) return this.#latest
    const neighbours = this.#items.get(key)?.deref()
    return neighbours === undefined ? undefined : this.#remember(key, neighbours)
  }

  #add(key: number): Neighbours {
    const neighbours = new Array<Item | undefined>(TOGETHER)
    this.#items.set(key, new WeakRef(neighbours))
    if (this.#items.size >= this.#sweepAt) this.#sweep()
    return this.#remember(key, neighbours)
  }

  #remember(key: number, neighbours: Neighbours): Neighbours {
    this.#latestKey = key
    this.#latest = neighbours
    return neighbours
  }

  /** Dead entries go when the map has doubled: a FinalizationRegistry costs more than the loads it serves. */
  #sweep(): void {
    for (const [key, reference] of this.#items) if (reference.deref() === undefined) this.#items.delete(key)
    this.#sweepAt = Math.max(1024, this.#items.size * 2)
  }
}
