import type Database from 'better-sqlite3'

export type JournalMode = 'delete' | 'wal' | 'truncate' | 'persist'

/** Milliseconds between two attempts. */
const PAUSE = 20

/**
 * Changes the journal mode of a database, which its file remembers for `wal` and `delete`. To enter or leave `wal`, a
 * connection must be alone for a moment, and SQLite asks for that only once; here it is asked for `patience`
 * milliseconds, as for any other lock.
 * @throws SQLite's SQLITE_BUSY after that; the mode is what it was.
 */
export function setJournalMode(database: Database.Database, mode: JournalMode, patience: number): void {
  const end = performance.now() + patience
  while (!isSet(database, mode, performance.now() >= end)) pause()
}

function isSet(database: Database.Database, mode: JournalMode, isLastAttempt: boolean): boolean {
  try {
    database.pragma(`journal_mode = ${mode}`)
    return true
  } catch (error) {
    const { code } = error as { readonly code?: string }
    if (isLastAttempt || !code?.startsWith('SQLITE_BUSY')) throw error
    return false
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE)
}
