import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { DiskFullError, isFull, StoreUnreadableError } from '../database/sqlite-errors.js'

/**
 * Runs in a worker thread. The conditions of tables are not computed: in the store of a stranger they may take for
 * ever, and what contradicts them is not damaged.
 */
const CHECK = `
  const { parentPort, workerData } = require('node:worker_threads')
  const Database = require(workerData.driver)
  try {
    const image = new Database(workerData.file, { readonly: true, fileMustExist: true })
    image.pragma('trusted_schema = OFF')
    image.pragma('ignore_check_constraints = ON')
    const finding = image.pragma(workerData.check + '(1)', { simple: true })
    image.close()
    parentPort.postMessage({ finding })
  } catch (error) {
    parentPort.postMessage({ finding: error.message, code: error.code })
  }
`

/** The system's failures to read, which say nothing of the database; a read past the end of a cut-off file does. */
const NO_FINDING = /^SQLITE_(?:IOERR(?!_SHORT_READ)|FULL|CANTOPEN|NOMEM)/

/**
 * Runs SQLite's check over the image of a database that nobody writes, in another thread. Meanwhile the caller may
 * read the file: losing SQLite's locks by that hurts nobody here.
 *
 * @returns the first finding, or undefined when there is none. A file that is no database at all is a finding too.
 * @throws DiskFullError, StoreUnreadableError: it could not be checked.
 */
export async function checkImage(file: string, depth: 'quick' | 'full' = 'quick'): Promise<string | undefined> {
  const driver = createRequire(import.meta.url).resolve('better-sqlite3')
  const check = depth === 'full' ? 'integrity_check' : 'quick_check'
  const { finding, code = '' } = await new Promise<{ finding: string; code?: string }>((resolve, reject) => {
    const worker = new Worker(CHECK, { eval: true, workerData: { driver, file, check } })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', code => reject(new Error(`the checking thread ended with ${code}`)))
  })
  if (finding === 'ok') return undefined
  if (!NO_FINDING.test(code)) return finding
  throw isFull(dirname(file))
    ? new DiskFullError(dirname(file), new Error(finding))
    : new StoreUnreadableError(dirname(file), new Error(finding))
}
