// Moves the application store of notes, or imports it from an archive, and kills itself at a step. Plain Node on the built
// program. Arguments: the source or the archive, the target, the step, the moment; another offering.
import { createReadStream, statSync } from 'node:fs'
import { Site } from '../../../dist/site/site.js'
import { importUser } from '../../../dist/transfer/arriving/import-user.js'
import { transferUser } from '../../../dist/transfer/transfer-user.js'

const [from, to, step, moment, localpart = 'notes'] = process.argv.slice(2)
const target = Site.open(to)
const observe = (name, when) => {
  if (name === step && when === moment) process.kill(process.pid, 'SIGKILL')
}
if (statSync(from).isDirectory())
  await transferUser(Site.open(from), { localpart, domain: null }, { to: target, observe })
else await importUser(target, { kind: 'archive', input: createReadStream(from) }, { observe })
