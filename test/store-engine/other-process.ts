import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

export interface OtherProcess {
  readonly pid: number
  /** Sends a line and waits for the next one from there. */
  ask(line: string): Promise<string>
  /** Lets it end in its own way. */
  finish(): Promise<void>
}

/**
 * A real process with the database of a store open in bare SQLite: each line it is sent is executed, and answered with
 * the first column of the first row, or with `ok`, or with SQLite's error code.
 */
export async function openElsewhere(directory: string): Promise<OtherProcess> {
  const child = spawn(process.execPath, ['-e', SCRIPT, join(directory, 'db.sqlite')], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => String((await lines.next()).value)
  await next()
  return {
    pid: child.pid ?? 0,
    ask: line => {
      child.stdin.write(`${line}\n`)
      return next()
    },
    finish: async () => {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

const SCRIPT = `
  const database = new (require('better-sqlite3'))(process.argv[1], { timeout: 0 })
  const answer = sql => {
    try {
      const statement = database.prepare(sql)
      if (statement.reader) return String(Object.values(statement.get() ?? {})[0])
      statement.run()
      return 'ok'
    } catch (error) {
      return error.code ?? error.message
    }
  }
  require('node:readline').createInterface({ input: process.stdin })
    .on('line', sql => console.log(answer(sql)))
    .on('close', () => database.close())
  console.log('open')
`
