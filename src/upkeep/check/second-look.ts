import { StoreChecker } from './check-store.js'
import { fenceFault } from './fence-faults.js'
import type { Fault, FindingCode } from './finding.js'
import type { SiteRows } from './site-rows.js'
import { findNamedStore } from './site-stores.js'
import type { CheckDepth, StoreReport, StoreUnderCheck } from './store-under-check.js'

/** What a deed under way can look like. */
const MAY_PASS: ReadonlySet<FindingCode> = new Set([
  'STORE_DIRECTORY_MISSING',
  'NOT_A_STORE',
  'ACCOUNT_COPY_DIFFERS',
  'ACCOUNT_COPY_MISSING',
  'HOOK_MISSING',
  'HOOK_LATE',
])

/** Judges reports by what the site says at that moment, and looks again where a report may have been overtaken. */
export class SecondLook {
  readonly #site: string
  readonly #rows: SiteRows | undefined
  readonly #checker: StoreChecker

  constructor(site: string, rows: SiteRows | undefined, depth: CheckDepth) {
    this.#site = site
    this.#rows = rows
    this.#checker = new StoreChecker(depth)
  }

  /** What is to be told of the store. */
  async at(store: StoreUnderCheck & { readonly id?: number }, report: StoreReport): Promise<readonly Fault[]> {
    const rows = this.#rows
    if (rows === undefined) return report.faults
    if (store.id === undefined) return withFence(rows, report, store.store)
    if (!report.faults.some(({ code }) => MAY_PASS.has(code)) && report.fence === null) return report.faults
    await import('../own-item-types.js')
    const named = findNamedStore(this.#site, rows, store.id)
    if (named === undefined) return []
    const told = withFence(rows, this.#checker.check(named), named.store)
    return isBeingSynced(rows, store.id) ? told.filter(({ code }) => !code.startsWith('ACCOUNT_COPY')) : told
  }
}

function withFence(rows: SiteRows, { faults, fence }: StoreReport, place: string): readonly Fault[] {
  const closed = fence === null ? undefined : fenceFault(rows, fence, place)
  return closed === undefined ? faults : [...faults, closed]
}

/** A change of the account has begun that will end with writing the copy; when its process is gone, the deed is told. */
function isBeingSynced(rows: SiteRows, subStore: number): boolean {
  const { accounts } = rows
  if (accounts === undefined || !rows.hasPlain('mantissa_deed')) return false
  const sql = `SELECT 1 FROM mantissa_deed WHERE kind = 'sync-user-store'
    AND json_extract(iif(json_valid(detail), detail, '{}'), '$.account') IN (SELECT oid FROM ${accounts.login} WHERE avatars = ?)`
  return rows.all(sql, subStore).length > 0
}
