// Exports alice@example.com to a directory, or imports her from it, and kills itself at a step.
// Plain Node on the built program. Arguments: export or import, the site, the directory, the step, the moment.
import { Site } from '../../dist/site/site.js'
import { exportUser } from '../../dist/transfer/export-user.js'
import { importUser } from '../../dist/transfer/import-user.js'

const [deed, directory, place, step, moment] = process.argv.slice(2)
const site = Site.open(directory)
const observe = (name, when) => {
  if (name === step && when === moment) process.kill(process.pid, 'SIGKILL')
}
if (deed === 'import')
  await importUser(site, { kind: 'directory', directory: `${place}/alice@example.com.axiom` }, { observe })
else {
  const address = { localpart: 'alice', domain: 'example.com' }
  await exportUser(site, address, { to: { kind: 'directory', directory: place }, remove: true, observe })
}
