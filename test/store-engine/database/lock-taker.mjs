// Takes a lock again and again, deletes its file and lets go of it. While it has the lock nobody else may.
// Plain Node on the built program. Arguments: the lock's path, how often.
import { rmSync, writeFileSync } from 'node:fs'
import { tryLockDatabase } from '../../../dist/store-engine/database/lock-database.js'

const [path, times] = process.argv.slice(2)
for (let taken = 0; taken < Number(times); ) {
  const lock = tryLockDatabase(path)
  if (lock === undefined) continue
  writeFileSync(`${path}.holder`, '', { flag: 'wx' })
  rmSync(`${path}.holder`)
  rmSync(path)
  lock.release()
  taken += 1
}
