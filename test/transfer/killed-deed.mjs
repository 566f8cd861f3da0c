// Exports alice@example.com, imports her, or removes her, and kills itself at a step of the protocol.
// Plain Node on the built program. Arguments: the deed, the site, the directory where the export is or will be, and
// the step and its moment; without them it is not killed here.
import { createReadStream } from 'node:fs'
import { Site } from '../../dist/site/site.js'
import { importUser } from '../../dist/transfer/arriving/import-user.js'
import { exportUser } from '../../dist/transfer/leaving/export-user.js'

const [deed, directory, place, step, moment] = process.argv.slice(2)
const archive = `${place}/alice.tar.gz`
const site = Site.open(directory)
const observe = (name, when) => {
  if (name === step && when === moment) process.kill(process.pid, 'SIGKILL')
}
const leave = options => exportUser(site, { localpart: 'alice', domain: 'example.com' }, { ...options, observe })
const arrive = from => importUser(site, from, { observe })

const DEEDS = {
  'import-directory': () => arrive({ kind: 'directory', directory: `${place}/alice@example.com.axiom` }),
  'import-archive': () => arrive({ kind: 'archive', input: createReadStream(archive) }),
  'import-stdin': () => arrive({ kind: 'archive', input: process.stdin }),
  'export-archive': () => leave({ to: { kind: 'archive', file: archive } }),
  'export-directory': () => leave({ to: { kind: 'directory', directory: place } }),
  'leave-archive': () => leave({ to: { kind: 'archive', file: archive }, remove: true, deletesOldStore: true }),
  'leave-directory': () => leave({ to: { kind: 'directory', directory: place }, remove: true }),
}
await DEEDS[deed]()
