/**
 * Loaded before the program (`node --import`): kills the process at the step that DIE_AT counts. A step is a commit of
 * SQLite, once before and once after, and every call that makes, flushes, renames or removes something on the disk.
 * Without DIE_AT it does nothing.
 */
import fs from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'

const dieAt = Number(process.env.DIE_AT ?? Number.POSITIVE_INFINITY)
let steps = 0

function step() {
  steps += 1
  if (steps === dieAt) process.kill(process.pid, 'SIGKILL')
}

for (const name of ['mkdirSync', 'fsyncSync', 'renameSync', 'rmSync']) {
  const original = fs[name]
  fs[name] = (...given) => {
    step()
    return original(...given)
  }
}
syncBuiltinESMExports()

const Database = createRequire(import.meta.url)('better-sqlite3')
const { prepare } = Database.prototype
Database.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql)
  if (sql !== 'COMMIT') return statement
  return new Proxy(statement, {
    get(target, name) {
      if (name !== 'run') return typeof target[name] === 'function' ? target[name].bind(target) : target[name]
      return (...given) => {
        step()
        const result = target.run(...given)
        step()
        return result
      }
    },
  })
}
