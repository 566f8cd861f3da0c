import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

/** Runs in a worker thread. */
const CHECK = `
  const { parentPort, workerData } = require('node:worker_threads')
  const Database = require(workerData.driver)
  try {
    const image = new Database(workerData.file, { readonly: true, fileMustExist: true })
    image.pragma('trusted_schema = OFF')
    const finding = image.pragma(workerData.check + '(1)', { simple: true })
    image.close()
    parentPort.postMessage(finding)
  } catch (error) {
    parentPort.postMessage(error.message)
  }
`

/**
 * Runs SQLite's check over the image of a database that nobody writes, in another thread. Meanwhile the caller may
 * read the file: losing SQLite's locks by that hurts nobody here.
 *
 * @returns the first finding, or undefined when there is none. A file that is no database at all is a finding too.
 */
export async function checkImage(file: string, depth: 'quick' | 'full' = 'quick'): Promise<string | undefined> {
  const driver = createRequire(import.meta.url).resolve('better-sqlite3')
  const check = depth === 'full' ? 'integrity_check' : 'quick_check'
  const finding = await new Promise<string>((resolve, reject) => {
    const worker = new Worker(CHECK, { eval: true, workerData: { driver, file, check } })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', code => reject(new Error(`the checking thread ended with ${code}`)))
  })
  return finding === 'ok' ? undefined : finding
}
