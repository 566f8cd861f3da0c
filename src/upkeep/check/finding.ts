/**
 * What a check can find. The codes are a promise, as those of errors are, and `mantissa explain` explains them; where
 * an error of the same meaning exists, a finding has its code.
 */
import type { JsonObject } from '../../base/json.js'

/** `error`: something is wrong. `warning`: it hinders nothing and is worth knowing. */
export type Severity = 'error' | 'warning'

export const FINDINGS = {
  STORE_DIRECTORY_MISSING: 'error',
  NOT_A_STORE: 'error',
  STORE_DAMAGED: 'error',
  STORE_UNREADABLE: 'error',
  STORE_BUSY: 'warning',
  LOG_NOT_EMPTIED: 'warning',
  FOREIGN_SCHEMA: 'error',
  BASE_INDEX_MISSING: 'warning',
  OLD_FORMAT: 'warning',
  TYPE_WITHOUT_TABLE: 'error',
  TABLE_WITHOUT_TYPE: 'error',
  COLUMNS_DIFFER: 'error',
  SCHEMA_MISMATCH: 'error',
  DUPLICATE_TYPE: 'error',
  INDEX_MISSING: 'warning',
  STORE_TOO_NEW: 'warning',
  NO_UPGRADE_PATH: 'warning',
  OLD_VERSIONS: 'warning',
  OBJECT_WITHOUT_ITEM: 'warning',
  OBJECT_OF_NO_TYPE: 'error',
  ITEM_WITHOUT_OBJECT: 'error',
  ITEM_UNDER_OTHER_TYPE: 'error',
  ITEM_IN_TWO_TABLES: 'error',
  CASCADE_LEFT_BEHIND: 'error',
  BROKEN_REFERENCE: 'error',
  POWERUP_TO_NOTHING: 'warning',
  DEPENDENCY_TO_NOTHING: 'warning',
  ACCOUNT_COPY_DIFFERS: 'warning',
  ACCOUNT_COPY_MISSING: 'error',
  ACCOUNT_COPY_AMBIGUOUS: 'error',
  METHOD_WITHOUT_ACCOUNT: 'error',
  ACCOUNT_WITHOUT_ADDRESS: 'warning',
  ADDRESS_OWNED_TWICE: 'error',
  ADDRESS_ALSO_MOVED: 'warning',
  ACCOUNT_WITHOUT_STORE: 'error',
  STORE_SHARED: 'error',
  STORE_UNUSED: 'warning',
  ENDOWMENT_WITHOUT_ACCOUNT: 'warning',
  OFFERING_WITHOUT_STORE: 'error',
  STORE_ORPHANED: 'warning',
  MODE_TOO_OPEN: 'warning',
  KEY_EXPOSED: 'error',
  LINK_LEADS_OUT: 'error',
  TEMPORARY_LEFT: 'warning',
  SITE_TOO_NEW: 'error',
  SITE_IS_COPY: 'warning',
  DEED_UNFINISHED: 'warning',
  RESERVATION_WITHOUT_HOLDER: 'warning',
  TRANSFER_UNFINISHED: 'warning',
  FENCE_LEFT_SEALED: 'error',
  FENCE_UNEXPLAINED: 'error',
  MOVED_STORE_KEPT: 'warning',
  MOVED_STORE_CHANGED: 'error',
  HOOK_MISSING: 'warning',
  HOOK_LATE: 'warning',
} as const satisfies Readonly<Record<string, Severity>>

export type FindingCode = keyof typeof FINDINGS

/** What is wrong at a place that the caller knows. */
export interface Fault {
  readonly code: FindingCode
  /** One line. */
  readonly message: string
  /** One line: what a repair would do. Without it there is none: somebody has to judge. */
  readonly repair?: string
  /** What the repair has to know; whether it is still so, it finds out itself. */
  readonly subject?: JsonObject
}

export interface Finding extends Fault {
  readonly severity: Severity
  /** Path of the store below the site's directory, `.` for the site's own. */
  readonly store: string
  /** Of the account that the store belongs to, where there is one. */
  readonly address: string | null
}

/** The place of a finding. */
export type Place = Pick<Finding, 'store' | 'address'>

/** The site's own store. */
export const SITE_ITSELF: Place = { store: '.', address: null }

export function findingAt({ store, address }: Place, fault: Fault): Finding {
  return { ...fault, severity: FINDINGS[fault.code], store, address }
}
