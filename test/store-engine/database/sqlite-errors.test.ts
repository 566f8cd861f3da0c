import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { translateSqliteError } from '../../../src/store-engine/database/sqlite-errors.js'
import { NotAStoreError } from '../../../src/store-engine/errors.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

it('where a store is moved away just as it is opened, there is no store', () => {
  const directory = join(temporaryDirectory(), 'gone.axiom')
  try {
    new Database(join(directory, 'db.sqlite'), { fileMustExist: true })
    expect.unreachable()
  } catch (error) {
    expect(translateSqliteError(error, directory)).toBeInstanceOf(NotAStoreError)
  }
})
