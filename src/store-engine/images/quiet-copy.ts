/**
 * What can be done with a database by its file while it is at rest, several times as fast as page by page.
 *
 * It is done by a process of its own: that opens the database as a file beside SQLite, and closing such a descriptor
 * drops every lock that its process has on the database.
 *
 * While the read transaction stands and the log is empty, nobody can change the file: with a rollback journal the
 * shared lock keeps writers out; in WAL mode a reader that needs no log holds back every checkpoint, and writers only
 * append to the log. So its bytes are the database as of one moment.
 */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { compiledModule } from '../../base/compiled-module.js'
import { nodeProgram } from '../../base/this-process.js'
import type { ChangedBlocks } from './block-hashes.js'

/** The exit status that says so; nothing was written then. */
const NOT_AT_REST = 3

/** Without a module that amends files, it copies. */
const PROGRAM = `
  const { copyFileSync, constants, statSync } = require('node:fs')
  const [driver, from, to, amending] = process.argv.slice(1)
  const Database = require(driver)
  async function run() {
    const amend = amending && (await import(amending)).amendFile
    const database = new Database(from, { readonly: true, fileMustExist: true, timeout: 200 })
    database.exec('BEGIN')
    database.prepare('SELECT count(*) FROM sqlite_master').get()
    const log = statSync(from + '-wal', { throwIfNoEntry: false })
    if (log !== undefined && log.size > 0) process.exit(${NOT_AT_REST})
    const done = amend ? amend(from, to) : copyFileSync(from, to, constants.COPYFILE_EXCL)
    return done ?? database.pragma('page_count', { simple: true })
  }
  run().then(done => process.stdout.write(JSON.stringify(done)), () => process.exit(1))
`

/**
 * Copies a database that is at rest; undefined when it is not at rest or anything else is in the way, and then `to`
 * may hold part of a copy. The copy is not synced.
 *
 * @returns the number of pages copied.
 */
export async function copyAtRest(from: string, to: string): Promise<number | undefined> {
  const { code, printed } = await runQuietly(from, to)
  return code === 0 ? (JSON.parse(printed) as number) : undefined
}

/**
 * Makes an older image equal to its database, and flushes it. Undefined when the database is not at rest, and then the
 * image is as it was; `half` when anything else was in the way, and then nobody knows which of its blocks were written.
 */
export async function amendAtRest(from: string, image: string): Promise<ChangedBlocks | 'half' | undefined> {
  const { code, printed } = await runQuietly(from, image, compiledModule('./amend-file.js', import.meta.url).href)
  if (code === 0) return JSON.parse(printed) as ChangedBlocks
  return code === NOT_AT_REST ? undefined : 'half'
}

async function runQuietly(
  ...paths: readonly string[]
): Promise<{ readonly code: number | null; readonly printed: string }> {
  const driver = createRequire(import.meta.url).resolve('better-sqlite3')
  const child = spawn(nodeProgram(), ['-e', PROGRAM, driver, ...paths], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {},
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  const code = await new Promise<number | null>(resolve => {
    child.once('error', () => resolve(null))
    child.once('close', resolve)
  })
  return { code, printed }
}
