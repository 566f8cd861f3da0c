/**
 * One store, whatever state it is in: its directory, its database, its schema, its rows, and what it says of its
 * account. It reads and changes nothing, and needs no `Store`, which refuses to be opened on much of what is found here.
 *
 * Cheap on a sound store: SQLite's check, three statements that depend on the schema alone, and a few looks at the
 * directory. What is suspicious is then looked at closely.
 */
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { MantissaError } from '../../base/errors.js'
import type { Connection } from '../../store-engine/database/connection.js'
import { lookAt } from '../../store-engine/database/open-untouched.js'
import { type Fence, readFenceRow } from '../../store-engine/database/write-fence.js'
import { ReadOnlyStoreError, StoreMovedError } from '../../store-engine/errors.js'
import { directoryFaults } from './directory-faults.js'
import { type Fault, FINDINGS, type FindingCode } from './finding.js'
import { missingBaseTables } from './schema-on-disk.js'
import { StorePlans } from './store-plan.js'
import { type CheckDepth, directoryOf, type StoreReport, type StoreUnderCheck } from './store-under-check.js'

export class StoreChecker {
  readonly #depth: CheckDepth
  readonly #plans = new StorePlans()

  constructor(depth: CheckDepth) {
    this.#depth = depth
  }

  check(store: StoreUnderCheck): StoreReport {
    try {
      const { database, faults } = directoryFaults(store, this.#depth)
      if (database === 'unreadable') return { faults, fence: null }
      const report = this.#checkDatabase(store, database === 'alone')
      return { ...report, faults: [...faults, ...report.faults] }
    } catch (error) {
      return { faults: [unreadable(error)], fence: null }
    }
  }

  #checkDatabase(store: StoreUnderCheck, alone: boolean): StoreReport {
    const { full, busyTimeout } = this.#depth
    try {
      return lookAt(directoryOf(store), { alone, busyTimeout }, connection => {
        const damage = damageOf(connection, full)
        return damage === undefined ? this.#checkContent(connection, store) : { faults: [damage], fence: null }
      })
    } catch (error) {
      return { faults: [interrupted(directoryOf(store), error) ?? faultOfError(error)], fence: null }
    }
  }

  #checkContent(connection: Connection, store: StoreUnderCheck): StoreReport {
    try {
      const plan = this.#plans.for(connection)
      return {
        faults: [...plan.ask(connection), ...plan.facts.faults(connection, store)],
        fence: plan.hasFence ? closedFence(connection) : null,
      }
    } catch (error) {
      const fault = baseTableFault(connection)
      if (fault === undefined) throw error
      return { faults: [fault], fence: null }
    }
  }
}

/** The first finding of SQLite's own check. */
function damageOf(connection: Connection, full: boolean): Fault | undefined {
  const [finding] = connection.prepare(`PRAGMA ${full ? 'integrity_check' : 'quick_check'}(1)`).get() ?? []
  if (finding === 'ok') return undefined
  return { code: 'STORE_DAMAGED', message: `the database is damaged: ${String(finding).replaceAll('\n', ' ')}` }
}

function baseTableFault(connection: Connection): Fault | undefined {
  const missing = missingBaseTables(connection)
  if (missing.length === 0) return undefined
  if (missing.length === 3) return { code: 'NOT_A_STORE', message: 'the database holds no items and never did' }
  return { code: 'STORE_DAMAGED', message: `of the three base tables it lacks ${missing.join(' and ')}` }
}

function closedFence(connection: Connection): Fence | null {
  const fence = readFenceRow(connection)
  return fence === null || fence.state === 'active' ? null : fence
}

/** Who may only read cannot look behind a transaction that was cut off: SQLite would have to roll it back first. */
function interrupted(directory: string, error: unknown): Fault | undefined {
  if (!(error instanceof ReadOnlyStoreError)) return undefined
  if (lstatSync(join(directory, 'db.sqlite-journal'), { throwIfNoEntry: false }) === undefined) return undefined
  const message = 'a transaction was cut off and waits to be rolled back; the rest was not looked at'
  return { code: 'LOG_NOT_EMPTIED', message, repair: 'open the database for writing, which rolls it back' }
}

/** What opening or reading a store throws, as a finding. What is no failure of a store is thrown on. */
function faultOfError(error: unknown): Fault {
  if (error instanceof MantissaError) return { code: codeOf(error), message: oneLine(error.message) }
  const { code } = error as { readonly code?: unknown }
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) throw error
  return { code: 'STORE_DAMAGED', message: `the database cannot be read: ${oneLine((error as Error).message)}` }
}

/** What the operating system says of a directory. What is no failure of a store is thrown on. */
function unreadable(error: unknown): Fault {
  const { code, syscall, message } = error as NodeJS.ErrnoException
  // The latter for a path that no operating system would take.
  if (syscall === undefined && code !== 'ERR_INVALID_ARG_VALUE') throw error
  return { code: 'STORE_UNREADABLE', message: `it cannot be looked at: ${oneLine(message)}` }
}

/** A store that was moved meanwhile is not where it was, which is looked at once more. */
function codeOf(error: MantissaError): FindingCode {
  if (error instanceof StoreMovedError) return 'NOT_A_STORE'
  const { code } = error
  return code in FINDINGS ? (code as FindingCode) : 'STORE_UNREADABLE'
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
