// Writes to a store, says so, and keeps it open until standard input ends. Plain Node on the built program.
import { Store } from '../../dist/store-engine/store.js'

const store = Store.open(process.argv[2])
store.transact(() => store.sql.exec('CREATE TABLE mantissa_note (text)'))
process.stdout.write('open\n')
process.stdin.on('end', () => store.close()).resume()
