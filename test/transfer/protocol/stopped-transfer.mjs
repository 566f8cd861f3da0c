// Moves alice@example.com, or whoever is named, from one site to another, stands still (SIGSTOP) somewhere, and says how
// it ended when it was woken. Plain Node on the built program. Arguments: the sites, and either a step and a moment, or
// "rename" and the beginning of a directory's name in temp/ that is about to be renamed, or renamed to; then an address.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'
import { parseExistingAddress } from '../../../dist/base/address.js'
import { Site } from '../../../dist/site/site.js'
import { transferUser } from '../../../dist/transfer/transfer-user.js'

const [from, to, step, moment, address = 'alice@example.com'] = process.argv.slice(2)
const standStill = () => process.kill(process.pid, 'SIGSTOP')

if (step === 'rename') {
  const rename = fs.renameSync
  fs.renameSync = (...paths) => {
    if (paths.some(path => basename(path).startsWith(moment))) standStill()
    rename(...paths)
  }
  syncBuiltinESMExports()
}

const source = Site.open(from)
const target = Site.open(to)
const observe = (name, when) => {
  if (name === step && when === moment) standStill()
}
try {
  const { completedByOthers } = await transferUser(source, parseExistingAddress(address), {
    to: target,
    observe,
    freezeLimitMs: 1,
  })
  process.stdout.write(JSON.stringify({ completedByOthers }))
} catch (error) {
  process.stdout.write(JSON.stringify({ code: error.code, message: error.message }))
}
source.close()
target.close()
