/**
 * Looking at a database so that its directory afterwards is as it was.
 *
 * A connection for reading only cannot remove the log and the shared memory that SQLite makes for a database in WAL mode
 * to read it at all: looking through ten thousand stores would leave twenty thousand files. So one that nobody has open is
 * opened as for writing, with writing forbidden (`query_only`), and SQLite takes its files away again. One that has a
 * log, or a journal of a transaction that did not end, is opened for reading only: what is in there stays there.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { StoreBusyError } from '../errors.js'
import { Connection, type ConnectionOptions } from './connection.js'

/** What SQLite keeps beside a database that somebody has open, or had when they died. */
export const COMPANIONS = ['db.sqlite-wal', 'db.sqlite-shm', 'db.sqlite-journal'] as const

export type UntouchedOptions = Pick<ConnectionOptions, 'busyTimeout'>

/** @throws what {@link Connection.open} throws. */
export function openUntouched(directory: string, options: UntouchedOptions = {}): Connection {
  return Connection.open(directory, { ...options, readonly: !isAtRest(directory), queryOnly: true })
}

/**
 * As the options say; for reading only it leaves nothing behind where nobody has the database open. A transaction that a
 * dead process did not end is undone first, so that there is something to read.
 * @throws what {@link Connection.open} throws.
 */
export function openAs(directory: string, options: ConnectionOptions): Connection {
  const leavesNothing = options.readonly === true && isAtRest(directory)
  return Connection.open(directory, leavesNothing ? { ...options, readonly: false, queryOnly: true } : options)
}

export interface LookOptions extends UntouchedOptions {
  /**
   * The caller has seen that nobody has the database open (nothing lies beside it), and it is small. It is then kept for
   * the moment of the look, which spares SQLite the shared memory and takes half the time; where somebody comes in
   * between all the same, the look is taken once more, beside them.
   */
  readonly alone?: boolean
}

/** Calls `look` in a transaction of the database, perhaps twice, and closes it. */
export function lookAt<T>(directory: string, options: LookOptions, look: (connection: Connection) => T): T {
  const { alone = false, ...others } = options
  if (alone) {
    try {
      using connection = Connection.open(directory, { readonly: false, queryOnly: true, busyTimeout: 0, alone: true })
      connection.execute('BEGIN')
      return look(connection)
    } catch (error) {
      if (!(error instanceof StoreBusyError)) throw error
    }
  }
  using connection = openUntouched(directory, others)
  connection.execute('BEGIN')
  return look(connection)
}

function isAtRest(directory: string): boolean {
  return !COMPANIONS.some(name => existsSync(join(directory, name)))
}
