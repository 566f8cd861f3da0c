import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type AccountRow, listAccounts } from '../../../accounts/list-accounts.js'
import type { Site } from '../../../site/site.js'

export interface SizedStore {
  readonly accountId: number
  readonly name: string
  /** Of the database, without its log and without files. */
  readonly bytes: number
}

export interface MeasuredSizes {
  readonly largest: readonly SizedStore[]
  readonly stores: number
  readonly bytes: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

const LARGEST = 10
/** Milliseconds between two measurements. */
const STALE = 5 * 60_000
/** Files that are asked for at a time; others are served in between. */
const AT_ONCE = 16

/**
 * How large the databases of all accounts are. Nobody waits for it: whoever looks gets what was measured last, and when
 * that is some minutes old it is measured again behind their back. Files are asked for their size and never opened.
 */
export class StoreSizes {
  readonly #site: Site
  #measured: MeasuredSizes | undefined
  #isMeasuring = false
  #isClosed = false

  constructor(site: Site) {
    this.#site = site
  }

  /** What was measured last; undefined until the first measurement has ended. */
  get measured(): MeasuredSizes | undefined {
    return this.#measured
  }

  /** Resolves when there is nothing to do any more; there is no need to wait for it. */
  async refresh(now = Date.now()): Promise<void> {
    if (this.#isMeasuring || this.#isClosed || (this.#measured !== undefined && now - this.#measured.at < STALE)) return
    this.#isMeasuring = true
    try {
      this.#measured = await this.#measure(now)
    } finally {
      this.#isMeasuring = false
    }
  }

  /** A measurement that is going on ends at the next file. */
  close(): void {
    this.#isClosed = true
  }

  async #measure(at: number): Promise<MeasuredSizes> {
    let [largest, stores, bytes]: [readonly SizedStore[], number, number] = [[], 0, 0]
    for (const rows of inBatches(listAccounts(this.#site, { all: true }))) {
      const sized = (await Promise.all(rows.map(row => this.#sizeOf(row)))).filter(each => each !== undefined)
      stores += sized.length
      bytes += sized.reduce((sum, each) => sum + each.bytes, 0)
      largest = [...largest, ...sized].sort((one, other) => other.bytes - one.bytes).slice(0, LARGEST)
      if (this.#isClosed) break
      // Accounts without a store would be gone through without anybody being served.
      await setImmediate()
    }
    return { largest, stores, bytes, at }
  }

  /** One that is gone, or being moved, is passed over. */
  async #sizeOf({ accountId, address, storepath }: AccountRow): Promise<SizedStore | undefined> {
    if (storepath === null) return undefined
    const file = join(this.#site.store.filesDirectory ?? '', storepath, 'db.sqlite')
    const found = await stat(file).catch(() => undefined)
    return found && { accountId, name: address ?? `account ${accountId}`, bytes: found.size }
  }
}

function* inBatches(rows: Iterable<AccountRow>): Generator<readonly AccountRow[]> {
  let batch: AccountRow[] = []
  for (const row of rows) {
    batch.push(row)
    if (batch.length < AT_ONCE) continue
    yield batch
    batch = []
  }
  yield batch
}
