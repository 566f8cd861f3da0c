import Database from 'better-sqlite3'

/**
 * Opens a database for reading only. Where a process died in the middle of a transaction with a rollback journal, its
 * half must be undone before anybody can read; SQLite leaves that to connections that may write, so one is opened
 * for it first. With a write-ahead log there is nothing to undo.
 * @throws SQLite's SQLITE_READONLY_ROLLBACK where this process may not write there.
 */
export function openForReading(path: string, timeout: number): Database.Database {
  const options = { fileMustExist: true, timeout }
  const database = new Database(path, { ...options, readonly: true })
  if (!hasHotJournal(database)) return database
  database.close()
  undoHalf(new Database(path, options))
  return new Database(path, { ...options, readonly: true })
}

/** Errors of other kinds are left to whoever reads first. */
function hasHotJournal(database: Database.Database): boolean {
  try {
    look(database)
    return false
  } catch (error) {
    return (error as { readonly code?: string }).code === 'SQLITE_READONLY_ROLLBACK'
  }
}

function undoHalf(database: Database.Database): void {
  try {
    look(database)
  } finally {
    database.close()
  }
}

function look(database: Database.Database): void {
  database.prepare('SELECT count(*) FROM sqlite_master').get()
}
