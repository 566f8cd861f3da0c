import { Option } from 'commander'
import { parseDuration } from '../../../base/duration-size.js'
import { InvalidInputError } from '../../../base/errors.js'

/** A process shows once a second that it works. */
const SHORTEST_MS = 5000

/** How long a move may stand still while its user cannot write. In milliseconds. */
export function freezeLimitOption(): Option {
  const does = 'if it stands still for so long while the user cannot write, others end it (default: 30s)'
  return new Option('--freeze-limit <duration>', does).argParser(parseLimit)
}

function parseLimit(text: string): number {
  const milliseconds = parseDuration(text)
  if (milliseconds >= SHORTEST_MS) return milliseconds
  throw new InvalidInputError(`a freeze limit of ${text} is too short`, { code: 'USAGE', hint: 'give 5s or more' })
}
