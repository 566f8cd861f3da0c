// Exports alice@example.com with --remove to a file, stands still (SIGSTOP) at a step, and says how it ended when it was
// woken. Plain Node on the built program. Arguments: the site, the file, the step, the moment.
import { Site } from '../../../dist/site/site.js'
import { exportUser } from '../../../dist/transfer/leaving/export-user.js'

const [directory, file, step, moment] = process.argv.slice(2)
const site = Site.open(directory)
const observe = (name, when) => {
  if (name === step && when === moment) process.kill(process.pid, 'SIGSTOP')
}
const address = { localpart: 'alice', domain: 'example.com' }
try {
  const to = { kind: 'archive', file }
  const { warnings } = await exportUser(site, address, { to, remove: true, observe, freezeLimitMs: 1 })
  process.stdout.write(JSON.stringify({ warnings }))
} catch (error) {
  process.stdout.write(JSON.stringify({ code: error.code, message: error.message }))
}
site.close()
