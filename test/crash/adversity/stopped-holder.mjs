// Writes a row to a store and stands still (SIGSTOP) before it commits, holding the write lock; says how it ended when it
// was woken. Plain Node on the built program. Arguments: the store's directory, the statement.
import { Store } from '../../../dist/store-engine/store.js'

const [directory, statement] = process.argv.slice(2)
const store = Store.open(directory)
let answer = {}
try {
  store.transact(() => {
    store.sql.run(statement)
    process.kill(process.pid, 'SIGSTOP')
  })
} catch (error) {
  answer = { code: error.code, message: error.message }
}
store.close()
process.stdout.write(JSON.stringify(answer))
