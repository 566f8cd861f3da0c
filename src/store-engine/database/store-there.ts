import { realpathSync } from 'node:fs'
import { DatabaseFile } from './database-file.js'

/** The directory of a store, symbolic links resolved. Nothing is opened. @throws NotAStoreError where there is none. */
export function assertStoreThere(directory: string): string {
  DatabaseFile.at(directory)
  return realpathSync(directory)
}
