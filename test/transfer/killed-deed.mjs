// Exports alice@example.com to a directory, imports her from it, or removes her, and kills itself at a step.
// Plain Node on the built program. Arguments: export, import or remove, the site, the directory, the step, the moment.
import { Site } from '../../dist/site/site.js'
import { importUser } from '../../dist/transfer/arriving/import-user.js'
import { exportUser } from '../../dist/transfer/leaving/export-user.js'

const [deed, directory, place, step, moment] = process.argv.slice(2)
const site = Site.open(directory)
const observe = (name, when) => {
  if (name === step && when === moment) process.kill(process.pid, 'SIGKILL')
}
if (deed === 'import')
  await importUser(site, { kind: 'directory', directory: `${place}/alice@example.com.axiom` }, { observe })
else {
  const address = { localpart: 'alice', domain: 'example.com' }
  const to =
    deed === 'remove' ? { kind: 'archive', file: `${place}/alice.tar.gz` } : { kind: 'directory', directory: place }
  await exportUser(site, address, { to, remove: true, deletesOldStore: deed === 'remove', observe })
}
