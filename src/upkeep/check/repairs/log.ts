import { Connection } from '../../../store-engine/database/connection.js'
import type { Repair } from './repair-kind.js'

/** SQLite does it by itself: what a process left behind goes into the database when the next one opens and closes it. */
export const emptyLog: Repair = (_site, _finding, directory) => {
  using connection = Connection.open(directory)
  connection.prepare('SELECT count(*) FROM sqlite_master').get()
  return 'done'
}
