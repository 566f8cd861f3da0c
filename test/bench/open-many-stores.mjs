// Opens every user store of a site, one after the other, and reads its login account. Leaves in a file how long it took
// and how many descriptors it left open. Arguments: ours or bare, the site, the file.
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LoginAccount } from '../../dist/accounts/login-account.js'
import { Store } from '../../dist/store-engine/store.js'
import '../../dist/store-engine/sub-store.js'
import { openBare, readBareSchema } from './bare.mjs'

const READ_ACCOUNT = `SELECT oid, avatars, disabled, password FROM ${LoginAccount.itemType.table}`

const [way, directory, answer] = process.argv.slice(2)
const descriptors = () => readdirSync('/proc/self/fd').length
const site = Store.open(directory)
const start = performance.now()
const before = descriptors()
const accounts = way === 'ours' ? openSubStores() : openFiles()
const leaked = descriptors() - before
writeFileSync(answer, JSON.stringify({ milliseconds: performance.now() - start, leaked, accounts }))
site.close()

function openSubStores() {
  let accounts = 0
  for (const { avatars } of site.query(LoginAccount))
    accounts += avatars.use(store => (store.findUnique(LoginAccount).disabled === 0 ? 1 : 0))
  return accounts
}

function openFiles() {
  const users = join(directory, 'files', 'account', 'example.com')
  let accounts = 0
  for (const name of readdirSync(users)) {
    const database = openBare(join(users, name))
    readBareSchema(database)
    const [account] = database.prepare(READ_ACCOUNT).raw().all()
    accounts += account[2] === 0n ? 1 : 0
    database.close()
  }
  return accounts
}
