// Moves alice@example.com from one site to another and kills itself at a step. Plain Node on the built program.
import { Site } from '../../../dist/site/site.js'
import { transferUser } from '../../../dist/transfer/transfer-user.js'

const [from, to, step, moment, signal = 'SIGKILL'] = process.argv.slice(2)
const source = Site.open(from)
const target = Site.open(to)
await transferUser(
  source,
  { localpart: 'alice', domain: 'example.com' },
  {
    to: target,
    observe: (name, when) => {
      if (name === step && when === moment) process.kill(process.pid, signal)
    },
  },
)
